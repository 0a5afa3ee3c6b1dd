// From Slack to us: what people ask and press is taken in at the door and answered by a worker.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { SlackDoor } from "./constructs/slack-door.ts";
import { StageStack } from "./stage-stack.ts";

/**
 * The worker hides a question for 5 seconds after the first failure and twice as long after each
 * further one. Slack takes an answer for half an hour; the last try comes after 21 minutes.
 */
const QUESTION_RECEIVES = 9;
/** An installation waits for Slack; what Slack sends is answered within its three seconds. */
const DOOR_TIMEOUT = Duration.seconds(15);

export interface SlackStackProps extends Surroundings {
  readonly alerts: QueueWithDlq;
}

export class SlackStack extends StageStack {
  /** Where Slack and people find us. */
  readonly publicUrl: string;

  constructor(scope: Construct, { alerts, ...props }: SlackStackProps) {
    super(scope, "slack", props.stage);
    const { stage } = props;
    const questions = new QueueWithDlq(this, "question-queue", {
      stage,
      receives: QUESTION_RECEIVES,
      prompt: true,
    });
    const door = new SlackDoor(this, "slack-door", props);
    this.publicUrl = stage.publicUrl ?? door.url;
    this.app(props, door, questions, alerts);
    this.worker(props, questions, alerts);

    new CfnOutput(this, "SlackDoorUrl", { value: door.url });
    new CfnOutput(this, "PublicUrl", { value: this.publicUrl });
    new CfnOutput(this, "QuestionQueueUrl", { value: questions.queue.queueUrl });
    new CfnOutput(this, "QuestionDlqUrl", { value: questions.dlq.queueUrl });
  }

  private app(
    props: Surroundings,
    door: SlackDoor,
    questions: QueueWithDlq,
    alerts: QueueWithDlq,
  ): void {
    const app = new RustFunction(this, "slack-app", {
      ...props,
      description: "Takes in what Slack sends, and lets tenants install dd0c/cost",
      // Lambda gives processor time by memory: the first request must be answered in time too.
      memoryMb: 512,
      timeout: DOOR_TIMEOUT,
      reservedConcurrency: 20,
      sendsTo: { QUESTION_QUEUE_URL: questions.queue, ALERT_QUEUE_URL: alerts.queue },
      tenantSecrets: "Encrypt",
      publicUrl: this.publicUrl,
    });
    door.leadsTo(app.function, DOOR_TIMEOUT);
  }

  private worker(props: Surroundings, questions: QueueWithDlq, alerts: QueueWithDlq): void {
    const worker = new RustFunction(this, "slack-worker", {
      ...props,
      description: "Answers what people ask in Slack, and does what they press",
      memoryMb: 256,
      timeout: props.stage.queueConsumerTimeout,
      sendsTo: { QUESTION_DLQ_URL: questions.dlq, ALERT_QUEUE_URL: alerts.queue },
      hidesIn: { QUESTION_QUEUE_URL: questions.queue },
    });
    worker.function.addEventSource(
      new SqsEventSource(questions.queue, {
        // Somebody waits: no question stands behind another.
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: 10,
      }),
    );
  }
}
