// The one way to make a function: its environment comes from the contract, its role from its
// environment and from table-rights.ts.

import { Duration } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { type IRole, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Contract } from "../contract.ts";
import type { DataStack } from "../data-stack.ts";
import { optionalEnvironment, requiredEnvironment, type Values } from "../environment.ts";
import { nameIn, type Stage } from "../stages.ts";
import { functionCode } from "./function-code.ts";
import {
  allow,
  allowQueues,
  allowSecrets,
  allowTable,
  allowTenantSecrets,
} from "./function-rights.ts";

/** Events that one account may send in a minute before the router refuses more. */
const ACCOUNT_EVENTS_PER_MINUTE = 6000;

export interface Surroundings {
  readonly stage: Stage;
  readonly contract: Contract;
  readonly data: DataStack;
}

export interface RustFunctionProps extends Surroundings {
  readonly description: string;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** How many may run at once; a reader of a queue is limited at the queue instead. */
  readonly reservedConcurrency?: number;
  /** Queues that the function sends to, by the variable that names them. */
  readonly sendsTo?: Readonly<Record<string, IQueue>>;
  /** The queue that the function reads, if it hides messages in it for a while; likewise. */
  readonly hidesIn?: Readonly<Record<string, IQueue>>;
  /** What the function does with secrets of tenants, if it has to do with them. */
  readonly tenantSecrets?: "Decrypt" | "Encrypt";
  /** A key of its own that the function signs with. */
  readonly signsWith?: IKey;
  /** Roles of others that the function may take on: the pattern of their ARNs. */
  readonly takesRoles?: string;
  /** What else the function is told, by variable. */
  readonly values?: Readonly<Record<string, string>>;
  /** The bus on which the function publishes. */
  readonly publishesTo?: IEventBus;
  /** Our own address, for functions that send people there. */
  readonly publicUrl?: string;
  /** For functions that are called asynchronously: where an event goes that failed for good. */
  readonly failedEvents?: IQueue;
  /** How often Lambda tries such an event again, and for how long; else twice in six hours. */
  readonly again?: { readonly times: number; readonly within: Duration };
  /** The function takes events from our own source beside those of AWS, in stage test only. */
  readonly readsTestSource?: boolean;
  /** The function asks flags, and so takes overrides of them. */
  readonly readsFlags?: boolean;
  /** The function asks customers' accounts; in stage test they may be played. */
  readonly reachesCustomers?: boolean;
  /** The function checks tokens of people; in stage test the keys of their issuer may be elsewhere. */
  readonly checksTokens?: boolean;
  /** The function posts to tenants' webhooks, or takes their addresses; in stage test they may be here. */
  readonly postsToWebhooks?: boolean;
}

export class RustFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: IRole;
  /** Full name, known without a deployment. */
  readonly fullName: string;

  constructor(
    scope: Construct,
    readonly name: string,
    props: RustFunctionProps,
  ) {
    super(scope, name);
    const { stage, contract, data } = props;
    this.fullName = nameIn(stage, name);
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.role = role;
    const logGroup = new LogGroup(this, "logs", {
      logGroupName: `/aws/lambda/${this.fullName}`,
      retention: stage.logRetention,
      encryptionKey: data.key,
      removalPolicy: stage.removal,
    });
    allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
    const environment = requiredEnvironment(contract, name, valuesFor(props), {
      ...urlsOf(props),
      ...props.values,
    });
    this.function = new LambdaFunction(this, "function", {
      functionName: this.fullName,
      description: props.description,
      runtime: Runtime.PROVIDED_AL2023,
      architecture: stage.architecture,
      handler: "bootstrap",
      code: functionCode(this, stage, name),
      memorySize: props.memoryMb,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrency,
      role,
      logGroup,
      environment: {
        ...environment,
        ...optionalEnvironment(contract, {
          LOG_LEVEL: stage.logLevel,
          OTEL_EXPORTER_OTLP_ENDPOINT: stage.otlpEndpoint,
          FLAGS: props.readsFlags ? stage.flags : undefined,
          LOCAL_WEBHOOKS: props.postsToWebhooks && stage.localWebhooks ? "allowed" : undefined,
          JWKS_URL: props.checksTokens ? stage.jwksUrl : undefined,
          CUSTOMER_AWS_URL: props.reachesCustomers ? stage.customerAwsUrl : undefined,
          PUBLIC_URL: props.publicUrl,
          TEST_SOURCE: props.readsTestSource ? stage.testSource : undefined,
        }),
      },
    });
    allowTable(role, name, props);
    allowSecrets(role, environment, props);
    allowQueues(role, "sqs:SendMessage", props.sendsTo);
    allowQueues(role, "sqs:ChangeMessageVisibility", props.hidesIn);
    if (props.tenantSecrets) allowTenantSecrets(role, props.tenantSecrets, props);
    if (props.signsWith) {
      allow(role, ["kms:GetPublicKey", "kms:Sign"], [props.signsWith.keyArn]);
    }
    if (props.takesRoles) allow(role, ["sts:AssumeRole"], [props.takesRoles]);
    if (props.publishesTo) allow(role, ["events:PutEvents"], [props.publishesTo.eventBusArn]);
    if (props.failedEvents) {
      const { times, within } = props.again ?? { times: 2, within: Duration.hours(6) };
      this.function.configureAsyncInvoke({
        retryAttempts: times,
        maxEventAge: within,
        onFailure: new SqsDestination(props.failedEvents),
      });
    }
  }
}

/** Values that do not name a queue; the contract picks from them. */
function valuesFor(props: RustFunctionProps): Values {
  const { stage, data, tenantSecrets, signsWith, publishesTo, publicUrl } = props;
  return {
    STAGE: stage.name,
    TABLE_NAME: data.table.tableName,
    HASH_KEY_SECRET: data.hashKeySecret,
    // Who is not told what it does with the key does not get it.
    SECRETS_KEY_ARN: tenantSecrets && data.tenantSecrets.keyArn,
    SIGNING_KEY_ARN: signsWith?.keyArn,
    EVENT_BUS_NAME: publishesTo?.eventBusName,
    PUBLIC_URL: publicUrl,
    SLACK_SECRET: data.slackSecret,
    SLACK_API_URL: stage.slackApiUrl,
    STRIPE_SECRET: data.stripeSecret,
    STRIPE_API_URL: stage.stripeApiUrl,
    GITHUB_SECRET: data.githubSecret,
    GITHUB_URL: stage.githubUrl,
    GITHUB_API_URL: stage.githubApiUrl,
    CURSOR_SECRET: data.cursorSecret,
    DASHBOARD_URL: stage.dashboardUrl,
    ACCOUNT_EVENTS_PER_MINUTE: String(ACCOUNT_EVENTS_PER_MINUTE),
  };
}

/** Queues of this function, by the variable that names them. */
function urlsOf({ sendsTo, hidesIn }: RustFunctionProps): Record<string, string> {
  const queues = Object.entries({ ...sendsTo, ...hidesIn });
  return Object.fromEntries(queues.map(([variable, queue]) => [variable, queue.queueUrl]));
}
