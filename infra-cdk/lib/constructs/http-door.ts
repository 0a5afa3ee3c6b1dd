// A way in from outside: an HTTP API whose routes are named one by one, and no others.

import type { Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CfnRoute,
  CfnStage,
  type CorsPreflightOptions,
  HttpApi,
  type HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
  type ThrottleSettings,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { nameIn } from "../stages.ts";
import type { Surroundings } from "./rust-function.ts";

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

export interface DoorRoute {
  readonly method: HttpMethod;
  readonly path: string;
  /** Who checks that a request may be made, since no authorizer of the API does. */
  readonly checkedBy: string;
  /** Fewer than the whole door lets in. */
  readonly throttle?: ThrottleSettings;
}

export interface HttpDoorProps extends Surroundings {
  readonly description: string;
  /** Requests a second that come in; what is more is answered with 429. */
  readonly throttle: ThrottleSettings;
  /** Which pages of others may ask from a browser; without it none. */
  readonly cors?: CorsPreflightOptions;
}

export class HttpDoor extends Construct {
  /** Its own address, without a slash at the end. */
  readonly url: string;
  /** By which the API is known to its metrics. */
  readonly apiId: string;
  private readonly api: HttpApi;
  private readonly stage: CfnStage;

  constructor(
    scope: Construct,
    readonly name: string,
    props: HttpDoorProps,
  ) {
    super(scope, name);
    this.api = new HttpApi(this, "api", {
      apiName: nameIn(props.stage, name),
      description: props.description,
      createDefaultStage: false,
      corsPreflight: props.cors,
    });
    this.url = this.api.apiEndpoint;
    this.apiId = this.api.apiId;
    this.stage = this.onlyStage(props);
  }

  /** These routes lead there. */
  leadsTo(behind: IFunction, timeout: Duration, routes: readonly DoorRoute[]): void {
    const integration = new HttpLambdaIntegration("function", behind, { timeout });
    for (const { method, path, checkedBy, throttle } of routes) {
      const [made] = this.api.addRoutes({ path, methods: [method], integration });
      const route = resourceOf(made);
      acknowledge(route, "AwsSolutions-APIG4", checkedBy);
      if (throttle) this.slow(route, throttle);
    }
  }

  private onlyStage({ stage, data, throttle }: HttpDoorProps): CfnStage {
    const log = new LogGroup(this, "log", {
      // CloudWatch keeps one policy for all groups of this folder; of others it soon has too many.
      logGroupName: `/aws/vendedlogs/${nameIn(stage, this.name)}`,
      retention: stage.logRetention,
      encryptionKey: data.key,
      removalPolicy: stage.removal,
    });
    const made = new HttpStage(this, "stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
    const resource = made.node.defaultChild;
    if (resource instanceof CfnStage) return resource;
    throw new Error("the stage of an API has no resource");
  }

  private slow(route: CfnRoute, { rateLimit, burstLimit }: ThrottleSettings): void {
    const others = this.stage.routeSettings as Record<string, unknown> | undefined;
    this.stage.routeSettings = {
      ...others,
      [route.routeKey]: { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    };
    // The limits of a route that is not there yet are refused.
    this.stage.addResourceDependency(route);
  }
}

function resourceOf(route: HttpRoute | undefined): CfnRoute {
  const found = route?.node.defaultChild;
  if (found instanceof CfnRoute) return found;
  throw new Error("a route has no resource");
}
