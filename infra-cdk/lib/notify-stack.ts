// From the alert queue to people: alerts at once, a digest once a day.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { FunctionSchedule } from "./constructs/function-schedule.ts";
import type { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { StageStack } from "./stage-stack.ts";

export interface NotifyStackProps extends Surroundings {
  readonly alerts: QueueWithDlq;
}

export class NotifyStack extends StageStack {
  constructor(scope: Construct, { alerts, ...props }: NotifyStackProps) {
    super(scope, "notify", props.stage);
    this.notifier(props, alerts);
    this.digest(props);
  }

  private notifier(props: Surroundings, alerts: QueueWithDlq): void {
    const notifier = new RustFunction(this, "notifier", {
      ...props,
      description: "Tells Slack about anomalies and keeps its messages up to date",
      memoryMb: 128,
      timeout: props.stage.queueConsumerTimeout,
      sendsTo: { ALERT_DLQ_URL: alerts.dlq },
      hidesIn: { ALERT_QUEUE_URL: alerts.queue },
    });
    notifier.function.addEventSource(
      new SqsEventSource(alerts.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        // Slack takes about one message a second in a channel.
        maxConcurrency: 2,
      }),
    );
  }

  private digest(props: Surroundings): void {
    const { stage } = props;
    const dlq = new DeadLetterQueue(this, "daily-digest-dlq", { stage });
    const digest = new RustFunction(this, "daily-digest", {
      ...props,
      description: "Tells each team once a day what was started and what it costs",
      memoryMb: 256,
      timeout: Duration.minutes(5),
      reservedConcurrency: 1,
      failedEvents: dlq,
    });
    new FunctionSchedule(this, "digest", {
      stage,
      calls: digest,
      cron: "0 9 * * ? *",
      failedCalls: dlq,
    });
    new CfnOutput(this, "DigestDlqUrl", { value: dlq.queueUrl });
  }
}
