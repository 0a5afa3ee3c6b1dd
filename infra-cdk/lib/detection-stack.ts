// From the table's stream to the alert queue: what is new is scored.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { StageStack } from "./stage-stack.ts";

/**
 * The notifier hides an alert for 5 seconds after the first failure and twice as long after each
 * further one, up to 15 minutes: Slack may be away for most of a day. An alert that only waits for
 * its turn in a channel comes every six seconds, and a turn a second: a storm may have 500 cards.
 */
const ALERT_RECEIVES = 100;

export class DetectionStack extends StageStack {
  readonly alerts: QueueWithDlq;

  constructor(scope: Construct, props: Surroundings) {
    super(scope, "detection", props.stage);
    const { stage, contract, data } = props;
    this.alerts = new QueueWithDlq(this, "alert-queue", { stage, receives: ALERT_RECEIVES });
    const dlq = new DeadLetterQueue(this, "anomaly-scorer-dlq", { stage });
    const scorer = new RustFunction(this, "anomaly-scorer", {
      ...props,
      description: "Scores new cost events against the baselines of their account",
      memoryMb: 256,
      timeout: Duration.seconds(60),
      reservedConcurrency: 20,
      sendsTo: { ALERT_QUEUE_URL: this.alerts.queue, SCORER_DLQ_URL: dlq },
      readsFlags: true,
    });
    scorer.function.addEventSource(
      new DynamoEventSource(data.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        filters: [newItems(contract.streamEntities)],
        batchSize: 100,
        // One batch is one transaction an account; a second of waiting makes batches fuller.
        maxBatchingWindow: Duration.seconds(1),
        // Order is kept within a partition, and each account is one.
        parallelizationFactor: 4,
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(24),
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(dlq),
      }),
    );
    acknowledge(
      scorer,
      "AwsSolutions-IAM5[Resource::*]",
      "dynamodb:ListStreams, which Lambda needs to read the stream, takes no resource.",
    );

    new CfnOutput(this, "AlertQueueUrl", { value: this.alerts.queue.queueUrl });
    new CfnOutput(this, "AlertDlqUrl", { value: this.alerts.dlq.queueUrl });
    new CfnOutput(this, "ScorerDlqUrl", { value: dlq.queueUrl });
  }
}

/** Only items that were added and that the scorer reads; its own writes come past here too. */
function newItems(entities: string[]) {
  return FilterCriteria.filter({
    eventName: ["INSERT"],
    dynamodb: { NewImage: { entity: { S: entities } } },
  });
}
