// From the alert queue to people and programs: alerts at once, a digest once a day, and what is due
// at a time.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { FunctionSchedule } from "./constructs/function-schedule.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { StageStack } from "./stage-stack.ts";
import { fixedNameIn } from "./stages.ts";

/** Hidden like alerts (lib/detection-stack.ts), a digest outlives six hours without Slack. */
const DIGEST_RECEIVES = 32;
/** A day of a tenant with many accounts takes a while to read. */
const DIGEST_TIMEOUT = Duration.minutes(2);

export interface NotifyStackProps extends Surroundings {
  readonly alerts: QueueWithDlq;
  /** What is to be done with accounts. */
  readonly accounts: QueueWithDlq;
  /** What is to be done about money. */
  readonly billing: QueueWithDlq;
}

export class NotifyStack extends StageStack {
  constructor(scope: Construct, { alerts, accounts, billing, ...props }: NotifyStackProps) {
    super(scope, "notify", props.stage);
    const { stage } = props;
    const digests = new QueueWithDlq(this, "digest-queue", {
      stage,
      receives: DIGEST_RECEIVES,
      readerTimeout: DIGEST_TIMEOUT,
    });
    this.notifier(props, alerts);
    this.digest(props, digests);
    this.clock(props, {
      ALERT_QUEUE_URL: alerts.queue,
      DIGEST_QUEUE_URL: digests.queue,
      ACCOUNT_QUEUE_URL: accounts.queue,
      BILLING_QUEUE_URL: billing.queue,
    });
  }

  private notifier(props: Surroundings, alerts: QueueWithDlq): void {
    // Without a policy: who wants to hear adds a rule in this account.
    const events = new EventBus(this, "events", {
      eventBusName: fixedNameIn(props.stage, "dd0c-cost-events"),
      description: "What dd0c/cost publishes about anomalies, for other programs",
    });
    const notifier = new RustFunction(this, "notifier", {
      ...props,
      description: "Tells Slack, the bus and webhooks about anomalies, and keeps cards up to date",
      memoryMb: 128,
      timeout: props.stage.queueConsumerTimeout,
      sendsTo: { ALERT_DLQ_URL: alerts.dlq },
      hidesIn: { ALERT_QUEUE_URL: alerts.queue },
      tenantSecrets: "Decrypt",
      publishesTo: events,
      postsToWebhooks: true,
    });
    notifier.function.addEventSource(
      new SqsEventSource(alerts.queue, {
        // So few that slow receivers of some keep the alerts of others waiting for seconds only.
        batchSize: 5,
        reportBatchItemFailures: true,
        // Slack takes about one message a second in a channel, and each tenant has his own.
        maxConcurrency: 4,
      }),
    );
    new CfnOutput(this, "PublishedBusName", { value: events.eventBusName });
    new CfnOutput(this, "PublishedBusArn", { value: events.eventBusArn });
  }

  private digest(props: Surroundings, digests: QueueWithDlq): void {
    const digest = new RustFunction(this, "daily-digest", {
      ...props,
      description: "Tells each team once a day what was started and what it costs",
      memoryMb: 256,
      timeout: DIGEST_TIMEOUT,
      sendsTo: { DIGEST_DLQ_URL: digests.dlq },
      hidesIn: { DIGEST_QUEUE_URL: digests.queue },
      tenantSecrets: "Decrypt",
    });
    digest.function.addEventSource(
      new SqsEventSource(digests.queue, {
        // One tenant's long day keeps no other waiting.
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: 2,
      }),
    );
    new CfnOutput(this, "DigestQueueUrl", { value: digests.queue.queueUrl });
    new CfnOutput(this, "DigestDlqUrl", { value: digests.dlq.queueUrl });
  }

  private clock(props: Surroundings, sendsTo: Readonly<Record<string, IQueue>>): void {
    const { stage } = props;
    const dlq = new DeadLetterQueue(this, "clock-dlq", { stage });
    const clock = new RustFunction(this, "clock", {
      ...props,
      description: "Hands over what is due: alerts, digests, what is to do with accounts and money",
      memoryMb: 128,
      timeout: Duration.seconds(50),
      reservedConcurrency: 1,
      sendsTo,
      failedEvents: dlq,
      // The next stroke does what this one could not.
      again: { times: 0, within: Duration.minutes(1) },
    });
    new FunctionSchedule(this, "strike", {
      stage,
      calls: clock,
      at: "rate(1 minute)",
      retries: 0,
      failedCalls: dlq,
    });
    new CfnOutput(this, "ClockDlqUrl", { value: dlq.queueUrl });
  }
}
