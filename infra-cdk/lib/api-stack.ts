// The way in for the dashboard, for programs of tenants, and for Stripe; and what is done about money.

import { CfnOutput, Duration } from "aws-cdk-lib";
import { CorsHttpMethod, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import type { AccountsStack } from "./accounts-stack.ts";
import { ApiFront } from "./constructs/api-front.ts";
import { type DoorRoute, HttpDoor } from "./constructs/http-door.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import type { IdentityStack } from "./identity-stack.ts";
import { StageStack } from "./stage-stack.ts";
import type { Stage } from "./stages.ts";

/** Hidden like alerts (lib/detection-stack.ts), what is due to Stripe outlives six hours without it. */
const BILLING_RECEIVES = 32;
/** Stripe may be asked on the way. A browser waits longer, a person does not. */
const API_TIMEOUT = Duration.seconds(15);
/** A signature is checked, and one message sent. */
const WEBHOOK_TIMEOUT = Duration.seconds(10);

/** One by one, since a route for any method would answer what a browser asks of CORS, too. */
const API_ROUTES: readonly DoorRoute[] = [
  HttpMethod.GET,
  HttpMethod.POST,
  HttpMethod.PUT,
  HttpMethod.PATCH,
  HttpMethod.DELETE,
].map((method) => ({
  method,
  path: "/v1/{proxy+}",
  checkedBy: "A token of a person or a key of a program; the function checks both.",
}));

const WEBHOOK_ROUTE: DoorRoute = {
  method: HttpMethod.POST,
  path: "/stripe/webhook",
  checkedBy: "Stripe signs each request; the function checks it.",
  // Stripe sends again what finds no place.
  throttle: { rateLimit: 10, burstLimit: 20 },
};

export interface ApiStackProps extends Surroundings {
  readonly alerts: QueueWithDlq;
  /** Bus to which customers' rules forward. */
  readonly bus: IEventBus;
  readonly accounts: AccountsStack;
  readonly identity: IdentityStack;
  /** Where an invitation to install us leads. */
  readonly publicUrl: string;
}

export class ApiStack extends StageStack {
  /** What is to be done about money. */
  readonly billing: QueueWithDlq;
  /** Where the dashboard and programs of tenants find it, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, props: ApiStackProps) {
    super(scope, "api", props.stage);
    const { stage, contract, data } = props;
    const surroundings = { stage, contract, data };
    const door = new HttpDoor(this, "api-door", {
      ...surroundings,
      description: "The way in for the dashboard, for programs of tenants, and for Stripe",
      throttle: { rateLimit: 100, burstLimit: 200 },
      cors: corsOf(stage),
    });
    this.billing = new QueueWithDlq(this, "billing-queue", { stage, receives: BILLING_RECEIVES });
    this.api(props, door);
    this.webhook(surroundings, door);
    this.worker(surroundings);

    new CfnOutput(this, "ApiDoorUrl", { value: door.url });
    const front = this.front(stage, door);
    this.url = stage.apiUrl ?? front;
    new CfnOutput(this, "ApiUrl", { value: this.url });
    new CfnOutput(this, "BillingQueueUrl", { value: this.billing.queue.queueUrl });
    new CfnOutput(this, "BillingDlqUrl", { value: this.billing.dlq.queueUrl });
  }

  /** Where others, and a domain of ours if there is one, come to the API. */
  private front(stage: Stage, door: HttpDoor): string {
    if (!stage.webAclArn) return door.url;
    const front = new ApiFront(this, "front", door, stage, stage.webAclArn);
    new CfnOutput(this, "ApiFrontUrl", { value: front.url });
    return front.url;
  }

  private api(props: ApiStackProps, door: HttpDoor): void {
    const { stage, contract, data, alerts, accounts, identity, bus, publicUrl } = props;
    const api = new RustFunction(this, "api", {
      ...{ stage, contract, data, publicUrl },
      description: "Answers the dashboard and programs of tenants",
      // Lambda gives processor time by memory: the first request must be answered soon too.
      memoryMb: 512,
      timeout: API_TIMEOUT,
      reservedConcurrency: 40,
      sendsTo: { ACCOUNT_QUEUE_URL: accounts.accounts.queue, ALERT_QUEUE_URL: alerts.queue },
      // Keys of tenants' webhooks.
      tenantSecrets: "Encrypt",
      // Sets webhooks, and refuses an address that could not be posted to.
      postsToWebhooks: true,
      checksTokens: true,
      values: {
        ISSUER_URL: identity.issuerUrl,
        CLIENT_ID: identity.clientId,
        TEMPLATE_URL: stage.templateUrl,
        OUR_ACCOUNT_ID: this.account,
        BUS_ARN: bus.eventBusArn,
        CALLBACK_TOPIC_ARN: accounts.callback.topic.topicArn,
      },
    });
    door.leadsTo(api.function, API_TIMEOUT, API_ROUTES);
  }

  private webhook(surroundings: Surroundings, door: HttpDoor): void {
    const webhook = new RustFunction(this, "stripe-webhook", {
      ...surroundings,
      description: "Takes in what Stripe sends",
      memoryMb: 256,
      timeout: WEBHOOK_TIMEOUT,
      reservedConcurrency: 5,
      sendsTo: { BILLING_QUEUE_URL: this.billing.queue },
    });
    door.leadsTo(webhook.function, WEBHOOK_TIMEOUT, [WEBHOOK_ROUTE]);
  }

  private worker(surroundings: Surroundings): void {
    const { queue, dlq } = this.billing;
    const worker = new RustFunction(this, "billing-worker", {
      ...surroundings,
      description: "Follows subscriptions, sets their quantities, reminds people of what they owe",
      memoryMb: 256,
      timeout: surroundings.stage.queueConsumerTimeout,
      sendsTo: { BILLING_DLQ_URL: dlq },
      hidesIn: { BILLING_QUEUE_URL: queue },
      // To remind people in their Slack.
      tenantSecrets: "Decrypt",
    });
    worker.function.addEventSource(
      // Stripe takes a hundred requests a second of us, and is in no hurry.
      new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 2 }),
    );
  }
}

/** Only the dashboard's own pages. They bring a token, and no cookies. */
function corsOf({ dashboardUrl }: Stage) {
  return {
    allowOrigins: [dashboardUrl],
    allowMethods: [
      CorsHttpMethod.GET,
      CorsHttpMethod.POST,
      CorsHttpMethod.PUT,
      CorsHttpMethod.PATCH,
      CorsHttpMethod.DELETE,
    ],
    allowHeaders: ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match"],
    exposeHeaders: [
      "etag",
      "location",
      "ratelimit-limit",
      "ratelimit-remaining",
      "ratelimit-reset",
      "retry-after",
      "x-request-id",
    ],
    maxAge: Duration.hours(1),
  };
}
