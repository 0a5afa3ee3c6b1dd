// What happens to connected accounts: they are connected, checked and rehearsed by a queue, and come
// and go over time.

import { CfnOutput, Duration } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { CallbackTopic } from "./constructs/callback-topic.ts";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { FunctionSchedule } from "./constructs/function-schedule.ts";
import { PublicTemplate } from "./constructs/public-template.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { StageStack } from "./stage-stack.ts";
import type { Stage } from "./stages.ts";

/** Tasks of account-lifecycle, and when they run, UTC. */
const TASKS = { promote: "cron(5 8 * * ? *)", purge: "cron(35 * * * ? *)" };
/**
 * Hidden for 5 seconds after the first failure and twice as long after each further one, up to 15
 * minutes, a task is tried for an hour. Whoever connects an account is told within his stack's five
 * minutes or looks at it himself; what is done daily comes again.
 */
const ACCOUNT_RECEIVES = 12;
/** The role that the customer's template makes, under one name whatever the stage. */
const CUSTOMER_ROLES = "arn:aws:iam::*:role/dd0c-cost-readonly";

export interface AccountsStackProps extends Surroundings {
  readonly alerts: QueueWithDlq;
  /** Bus to which customers' rules forward. */
  readonly bus: IEventBus;
  /** Where an invitation to install us leads. */
  readonly publicUrl: string;
}

export class AccountsStack extends StageStack {
  /** What is to be done with accounts. */
  readonly accounts: QueueWithDlq;
  readonly callback: CallbackTopic;

  constructor(scope: Construct, { alerts, bus, publicUrl, ...surroundings }: AccountsStackProps) {
    const { stage } = surroundings;
    super(scope, "accounts", stage);
    this.accounts = new QueueWithDlq(this, "account-queue", {
      stage,
      receives: ACCOUNT_RECEIVES,
      readerTimeout: stage.accountTimeout,
    });
    this.callback = this.topic(stage);
    this.worker(surroundings, alerts, bus);
    this.lifecycle({ ...surroundings, publicUrl }, alerts);
    if (stage.templatesBucket) {
      new PublicTemplate(this, "public-template", stage, stage.templatesBucket);
    }

    new CfnOutput(this, "AccountQueueUrl", { value: this.accounts.queue.queueUrl });
    new CfnOutput(this, "AccountDlqUrl", { value: this.accounts.dlq.queueUrl });
    new CfnOutput(this, "CallbackTopicArn", { value: this.callback.topic.topicArn });
    new CfnOutput(this, "TemplateUrl", { value: stage.templateUrl });
  }

  private topic(stage: Stage): CallbackTopic {
    const undelivered = new DeadLetterQueue(this, "callback-dlq", { stage });
    new CfnOutput(this, "CallbackDlqUrl", { value: undelivered.queueUrl });
    return new CallbackTopic(this, "callback", {
      stage,
      leadsTo: this.accounts.queue,
      undelivered,
    });
  }

  private worker(props: Surroundings, alerts: QueueWithDlq, bus: IEventBus): void {
    const { queue, dlq } = this.accounts;
    // Each of these takes minutes, and asks for the next part of itself: a stack that calls back and
    // gives up after five minutes would stand behind hundreds of them.
    const background = new QueueWithDlq(this, "background-queue", {
      stage: props.stage,
      receives: ACCOUNT_RECEIVES,
      readerTimeout: props.stage.accountTimeout,
    });
    new CfnOutput(this, "BackgroundQueueUrl", { value: background.queue.queueUrl });
    new CfnOutput(this, "BackgroundDlqUrl", { value: background.dlq.queueUrl });
    const worker = new RustFunction(this, "account-worker", {
      ...props,
      description: "Checks the roles of connected accounts, scans them and rehearses their past",
      // A rehearsal reads ninety days of events.
      memoryMb: 512,
      timeout: props.stage.accountTimeout,
      sendsTo: {
        ACCOUNT_QUEUE_URL: queue,
        // What does not fit into one call goes on in the next.
        BACKGROUND_QUEUE_URL: background.queue,
        ACCOUNT_DLQ_URL: dlq,
        ALERT_QUEUE_URL: alerts.queue,
      },
      hidesIn: { ACCOUNT_QUEUE_URL: queue, BACKGROUND_QUEUE_URL: background.queue },
      takesRoles: CUSTOMER_ROLES,
      values: { BUS_ARN: bus.eventBusArn },
      readsFlags: true,
      reachesCustomers: true,
    });
    for (const each of [queue, background.queue]) {
      worker.function.addEventSource(
        new SqsEventSource(each, {
          batchSize: 1,
          reportBatchItemFailures: true,
          maxConcurrency: 10,
        }),
      );
    }
    acknowledge(
      worker,
      `AwsSolutions-IAM5[Resource::${CUSTOMER_ROLES}]`,
      "Any account may become a customer. Its role has this one name, and asks for its ExternalId.",
    );
  }

  private lifecycle(props: Surroundings & { publicUrl: string }, alerts: QueueWithDlq): void {
    const { stage } = props;
    const dlq = new DeadLetterQueue(this, "account-lifecycle-dlq", { stage });
    const lifecycle = new RustFunction(this, "account-lifecycle", {
      ...props,
      description: "Promotes, releases and purges what belongs to connected accounts",
      memoryMb: 256,
      timeout: Duration.minutes(5),
      reservedConcurrency: 2,
      // Keys of tenants' webhooks.
      tenantSecrets: "Encrypt",
      // What a circuit breaker held back and somebody releases.
      sendsTo: { ALERT_QUEUE_URL: alerts.queue },
      failedEvents: dlq,
    });
    for (const [task, at] of Object.entries(TASKS)) {
      new FunctionSchedule(this, task, {
        stage,
        calls: lifecycle,
        at,
        input: { task },
        failedCalls: dlq,
      });
    }
    new CfnOutput(this, "LifecycleDlqUrl", { value: dlq.queueUrl });
  }
}
