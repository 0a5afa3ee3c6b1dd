// The one way to make a function: its environment comes from the contract, its role from its
// environment and from table-rights.ts.

import { Duration } from "aws-cdk-lib";
import { Effect, type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Function as LambdaFunction, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Contract } from "../contract.ts";
import type { DataStack } from "../data-stack.ts";
import { optionalEnvironment, requiredEnvironment } from "../environment.ts";
import { nameIn, type Stage } from "../stages.ts";
import { TABLE_RIGHTS, writes } from "../table-rights.ts";
import { functionCode } from "./function-code.ts";

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
  /** For functions that are called asynchronously: where an event goes that failed three times. */
  readonly failedEvents?: IQueue;
  /** The function puts messages back into the queue that it reads. */
  readonly sendsToItself?: boolean;
  /** The function takes events from our own source beside those of AWS, in stage test only. */
  readonly readsTestSource?: boolean;
}

export class RustFunction extends Construct {
  readonly function: LambdaFunction;
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
    const logGroup = new LogGroup(this, "logs", {
      logGroupName: `/aws/lambda/${this.fullName}`,
      retention: stage.logRetention,
      encryptionKey: data.key,
      removalPolicy: stage.removal,
    });
    allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
    const environment = requiredEnvironment(contract, name, valuesFor(props));
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
      recursiveLoop: props.sendsToItself ? RecursiveLoop.ALLOW : undefined,
      role,
      logGroup,
      environment: {
        ...environment,
        ...optionalEnvironment(contract, {
          LOG_LEVEL: stage.logLevel,
          OTEL_EXPORTER_OTLP_ENDPOINT: stage.otlpEndpoint,
          TEST_SOURCE: props.readsTestSource ? stage.testSource : undefined,
        }),
      },
    });
    allowTable(role, name, props);
    allowSecrets(role, environment, props);
    for (const [variable, queue] of Object.entries(props.sendsTo ?? {})) {
      if (!(variable in environment)) {
        throw new Error(`contract.json does not say that ${name} reads ${variable}`);
      }
      allow(role, ["sqs:SendMessage"], [queue.queueArn]);
    }
    if (props.failedEvents) {
      this.function.configureAsyncInvoke({
        retryAttempts: 2,
        maxEventAge: Duration.hours(6),
        onFailure: new SqsDestination(props.failedEvents),
      });
    }
  }
}

/** All values that this app knows; the contract picks from them. */
function valuesFor({ stage, data, sendsTo = {} }: RustFunctionProps): Record<string, string> {
  const queues = Object.entries(sendsTo).map(([variable, queue]) => [variable, queue.queueUrl]);
  return {
    STAGE: stage.name,
    TABLE_NAME: data.table.tableName,
    HASH_KEY_SECRET: data.hashKeySecret,
    SLACK_SECRET: data.slackSecret,
    SLACK_API_URL: stage.slackApiUrl,
    ACCOUNT_EVENTS_PER_MINUTE: String(ACCOUNT_EVENTS_PER_MINUTE),
    ...Object.fromEntries(queues),
  };
}

/** The rights that table-rights.ts lists, and the use of the key through DynamoDB alone. */
function allowTable(role: IRole, name: string, { stage, contract, data }: Surroundings): void {
  const rights = TABLE_RIGHTS[name];
  if (!rights) throw new Error(`lib/table-rights.ts has no rights for ${name}`);
  const table = data.table.tableArn;
  const indexes = contract.table.indexes.map((index) => `${table}/index/${index.name}`);
  for (const right of rights) {
    const actions = right.actions.map((action) => `dynamodb:${action}`);
    const condition = right.partitions && {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [...right.partitions] },
    };
    allow(role, actions, right.onIndexes ? indexes : [table], condition);
  }
  const toRead = ["kms:Decrypt", "kms:DescribeKey"];
  const toWrite = [
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ];
  const actions = writes(rights) ? [...toRead, ...toWrite] : toRead;
  allow(role, actions, [data.key.keyArn], through("dynamodb", stage));
}

/** A function may read exactly the secrets that its environment names. */
function allowSecrets(
  role: IRole,
  environment: Readonly<Record<string, string>>,
  { stage, data }: Surroundings,
): void {
  const secrets = Object.keys(environment)
    .filter((variable) => variable.endsWith("_SECRET"))
    .map((variable) => environment[variable] as string);
  if (secrets.length === 0) return;
  allow(role, ["secretsmanager:GetSecretValue"], secrets);
  allow(role, ["kms:Decrypt"], [data.key.keyArn], through("secretsmanager", stage));
}

function through(service: string, stage: Stage) {
  return { StringEquals: { "kms:ViaService": `${service}.${stage.region}.amazonaws.com` } };
}

function allow(
  role: IRole,
  actions: string[],
  resources: string[],
  conditions?: Record<string, unknown>,
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }),
  );
}
