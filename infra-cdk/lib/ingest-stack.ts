// From the bus to the table: events of customers are checked, put in order, priced and stored.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { CfnEventBusPolicy, EventBus, type EventPattern, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import type { EventPattern as ContractPattern } from "./contract.ts";
import { StageStack } from "./stage-stack.ts";
import { fixedNameIn, nameIn, type Stage } from "./stages.ts";

export class IngestStack extends StageStack {
  /** Bus to which customers' rules forward. */
  readonly bus: EventBus;

  constructor(scope: Construct, props: Surroundings) {
    super(scope, "ingest", props.stage);
    const { stage, contract } = props;
    const bus = this.openBus(stage);
    this.bus = bus;
    const ingestion = new QueueWithDlq(this, "event-ingestion", { stage, fifo: true });
    const routerDlq = new DeadLetterQueue(this, "event-router-dlq", { stage });
    const router = this.router(props, ingestion, routerDlq);
    const target = new LambdaFunction(router.function, { deadLetterQueue: routerDlq });
    for (const [kind, patterns] of Object.entries(contract.patterns)) {
      for (const [index, pattern] of patterns.entries()) {
        const id = `${kind}-${index + 1}`;
        const rule = new Rule(this, id, {
          ruleName: nameIn(stage, id),
          eventBus: bus,
          eventPattern: patternIn(stage, pattern),
        });
        rule.addTarget(target);
      }
    }
    this.processor(props, ingestion);

    new CfnOutput(this, "EventBusName", { value: bus.eventBusName });
    new CfnOutput(this, "EventBusArn", { value: bus.eventBusArn });
    new CfnOutput(this, "EventQueueUrl", { value: ingestion.queue.queueUrl });
    new CfnOutput(this, "EventDlqUrl", { value: ingestion.dlq.queueUrl });
    new CfnOutput(this, "RouterDlqUrl", { value: routerDlq.queueUrl });
  }

  private openBus(stage: Stage): EventBus {
    const bus = new EventBus(this, "bus", {
      eventBusName: fixedNameIn(stage, "dd0c-cost-bus"),
      description: "Events that customers forward to dd0c/cost",
    });
    if (!stage.openBus) return bus;
    const policy = new CfnEventBusPolicy(this, "bus-policy", {
      eventBusName: bus.eventBusName,
      statementId: "RulesOfAnyAccount",
      statement: {
        Effect: "Allow",
        Principal: "*",
        Action: "events:PutEvents",
        Resource: bus.eventBusArn,
        // A rule keeps the account and the source of what it forwards; a caller of PutEvents
        // could make up the rest.
        Condition: { Bool: { "events:eventBusInvocation": "true" } },
      },
    });
    acknowledge(
      policy,
      "AwsSolutions-EVB1",
      "Any account may become a customer. Only rules may forward, and event-router trusts only accounts that are connected.",
    );
    return bus;
  }

  private router(
    props: Surroundings,
    ingestion: QueueWithDlq,
    routerDlq: DeadLetterQueue,
  ): RustFunction {
    return new RustFunction(this, "event-router", {
      ...props,
      description: "Takes trusted events from the bus to the queue of their account",
      memoryMb: 128,
      timeout: Duration.seconds(10),
      reservedConcurrency: 50,
      sendsTo: { EVENT_QUEUE_URL: ingestion.queue, ROUTER_DLQ_URL: routerDlq },
      failedEvents: routerDlq,
      readsTestSource: true,
    });
  }

  private processor(props: Surroundings, ingestion: QueueWithDlq): void {
    const processor = new RustFunction(this, "event-processor", {
      ...props,
      description: "Turns CloudTrail records into priced cost events and stores each once",
      memoryMb: 256,
      timeout: props.stage.queueConsumerTimeout,
      sendsTo: { EVENT_DLQ_URL: ingestion.dlq },
      readsTestSource: true,
      readsFlags: true,
    });
    processor.function.addEventSource(
      new SqsEventSource(ingestion.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: 100,
      }),
    );
  }
}

/** The pattern as the contract has it; stage test adds a source that an emulator lets pass. */
function patternIn(stage: Stage, pattern: ContractPattern): EventPattern {
  const source: unknown[] = stage.testSource
    ? [...pattern.source, stage.testSource]
    : pattern.source;
  return {
    // The type of EventPattern knows plain texts only, where EventBridge also takes prefixes.
    source: source as string[],
    detailType: pattern["detail-type"],
    detail: pattern.detail,
  };
}
