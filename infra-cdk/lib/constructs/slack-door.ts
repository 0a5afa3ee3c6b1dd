// The way in for Slack and for people who install us: an HTTP API with five routes and no others.

import type { Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CfnRoute,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { nameIn } from "../stages.ts";
import type { Surroundings } from "./rust-function.ts";

const ROUTES: readonly (readonly [HttpMethod, string, string])[] = [
  [HttpMethod.GET, "/slack/install", "The invitation in its address lets a person in."],
  [HttpMethod.GET, "/slack/oauth_redirect", "The state and the cookie that it gave let him back."],
  [HttpMethod.POST, "/slack/commands", "Slack signs each request; the function checks it."],
  [HttpMethod.POST, "/slack/actions", "Slack signs each request; the function checks it."],
  [HttpMethod.POST, "/slack/events", "Slack signs each request; the function checks it."],
];

/** What is logged of a request. Addresses, queries and bodies hold ids, codes and states. */
const LOGGED = {
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  route: "$context.routeKey",
  status: "$context.status",
  milliseconds: "$context.responseLatency",
  bytes: "$context.responseLength",
  error: "$context.error.message",
  integrationStatus: "$context.integrationStatus",
  integrationError: "$context.integrationErrorMessage",
};

export class SlackDoor extends Construct {
  /** Its own address, without a slash at the end. */
  readonly url: string;
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    this.api = new HttpApi(this, "api", {
      apiName: nameIn(surroundings.stage, id),
      description: "The way in for Slack and for people who install dd0c/cost",
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    this.stage(id, surroundings);
  }

  /** All routes lead there. */
  leadsTo(behind: IFunction, timeout: Duration): void {
    const integration = new HttpLambdaIntegration("function", behind, { timeout });
    for (const [method, path, reason] of ROUTES) {
      const [route] = this.api.addRoutes({ path, methods: [method], integration });
      acknowledge(routeOf(route), "AwsSolutions-APIG4", reason);
    }
  }

  private stage(id: string, { stage, data }: Surroundings): void {
    const log = new LogGroup(this, "log", {
      // CloudWatch keeps one policy for all groups of this folder; of others it soon has too many.
      logGroupName: `/aws/vendedlogs/${nameIn(stage, id)}`,
      retention: stage.logRetention,
      encryptionKey: data.key,
      removalPolicy: stage.removal,
    });
    new HttpStage(this, "stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      // People press and ask; who sends more is nobody we know.
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
  }
}

function routeOf(route: HttpRoute | undefined): CfnRoute {
  const found = route?.node.defaultChild;
  if (found instanceof CfnRoute) return found;
  throw new Error("a route has no resource");
}
