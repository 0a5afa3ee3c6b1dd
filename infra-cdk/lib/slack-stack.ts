// From Slack to us: what people ask and press is taken in at the door and answered by a worker.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import { type DoorRoute, HttpDoor } from "./constructs/http-door.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { StageStack } from "./stage-stack.ts";

/**
 * The worker hides a question for 5 seconds after the first failure and twice as long after each
 * further one. Slack takes an answer for half an hour; the last try comes after 21 minutes.
 */
const QUESTION_RECEIVES = 9;
/** An installation waits for Slack; what Slack sends is answered within its three seconds. */
const DOOR_TIMEOUT = Duration.seconds(15);

const ROUTES: readonly DoorRoute[] = [
  {
    method: HttpMethod.GET,
    path: "/slack/install",
    checkedBy: "The invitation in its address lets a person in.",
  },
  {
    method: HttpMethod.GET,
    path: "/slack/oauth_redirect",
    checkedBy: "The state and the cookie that it gave let him back.",
  },
  ...["/slack/commands", "/slack/actions", "/slack/events"].map((path) => ({
    method: HttpMethod.POST,
    path,
    checkedBy: "Slack signs each request; the function checks it.",
  })),
];

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
    const door = new HttpDoor(this, "slack-door", {
      ...props,
      description: "The way in for Slack and for people who install dd0c/cost",
      // People press and ask; who sends more is nobody we know.
      throttle: { rateLimit: 50, burstLimit: 100 },
    });
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
    door: HttpDoor,
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
    door.leadsTo(app.function, DOOR_TIMEOUT, ROUTES);
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
