// What differs between the stages. Everything else is the same in all of them.

import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Node } from "constructs";

export type StageName = "dev" | "prod" | "test";

export interface Stage {
  readonly name: StageName;
  readonly region: string;
  /** What happens to the table, the keys and the logs when a stack is deleted. */
  readonly removal: RemovalPolicy;
  /** Whether the table refuses to be deleted. */
  readonly deletionProtection: boolean;
  /** Timeout of functions that read a queue; the queue hides a message for six times as long. */
  readonly queueConsumerTimeout: Duration;
  /** Whether other accounts may forward events to the bus. */
  readonly openBus: boolean;
  /** Whether schedules run by themselves. */
  readonly schedulesEnabled: boolean;
  readonly logRetention: RetentionDays;
  readonly logLevel: string;
  /** An event source of ours that passes for AWS. An emulator refuses sources that begin "aws.". */
  readonly testSource?: string;
  readonly slackApiUrl: string;
  /** Address of the door for Slack under a domain of ours; without it that of the API itself. */
  readonly publicUrl?: string;
  /** Whether webhooks may lead to the machine that posts to them. */
  readonly localWebhooks: boolean;
  /** Where traces go; without it none are sent. */
  readonly otlpEndpoint?: string;
  /** Other rollouts of flags for a while, as JSON; without it the compiled-in ones hold. */
  readonly flags?: string;
  readonly architecture: Architecture;
  /** Folder of the built functions, as cargo-lambda leaves it. */
  readonly functionsDir: string;
  /** Whether a function that was not built may be replaced by one that only fails. */
  readonly allowStubs: boolean;
}

type Choice = Pick<
  Stage,
  | "removal"
  | "deletionProtection"
  | "queueConsumerTimeout"
  | "openBus"
  | "schedulesEnabled"
  | "logRetention"
  | "testSource"
  | "localWebhooks"
  | "allowStubs"
>;

const dev: Choice = {
  removal: RemovalPolicy.DESTROY,
  deletionProtection: false,
  queueConsumerTimeout: Duration.seconds(30),
  openBus: true,
  schedulesEnabled: true,
  logRetention: RetentionDays.TWO_WEEKS,
  localWebhooks: false,
  allowStubs: true,
};

const CHOICES: Record<StageName, Choice> = {
  dev,
  prod: {
    ...dev,
    removal: RemovalPolicy.RETAIN,
    deletionProtection: true,
    logRetention: RetentionDays.THREE_MONTHS,
    allowStubs: false,
  },
  // For an emulator, which has no bus policies. Tests must not wait long for a retry, nor meet a
  // schedule in the middle.
  test: {
    ...dev,
    queueConsumerTimeout: Duration.seconds(5),
    openBus: false,
    schedulesEnabled: false,
    testSource: "dd0c.test",
    localWebhooks: true,
  },
};

/** The stage that the context asks for: `-c stage=dev|prod|test`, and the other values below. */
export function stageFrom(node: Node): Stage {
  const context = (name: string): string | undefined =>
    node.tryGetContext(name) as string | undefined;
  const name = context("stage") ?? "dev";
  if (!isStage(name)) throw new Error(`stage must be dev, prod or test, not ${name}`);
  const choice = CHOICES[name];
  const slackApiUrl = name === "test" ? context("slackApiUrl") : undefined;
  return {
    ...choice,
    name,
    region: "us-east-1",
    logLevel: context("logLevel") ?? "info",
    slackApiUrl: slackApiUrl ?? "https://slack.com/api",
    publicUrl: context("publicUrl"),
    otlpEndpoint: context("otlpEndpoint"),
    flags: context("flags"),
    architecture: architectureFrom(context("architecture") ?? "arm64"),
    functionsDir: context("functionsDir") ?? "../target/lambda",
    allowStubs: choice.allowStubs || String(context("allowStubs")) === "true",
  };
}

/** The name of a resource of one stage, such as `dd0c-cost-dev-alert-queue`. */
export function nameIn(stage: Stage, name: string): string {
  return `dd0c-cost-${stage.name}-${name}`;
}

/** A name that customers or the contract fix. Outside prod it gets the stage as a suffix. */
export function fixedNameIn(stage: Stage, name: string): string {
  return stage.name === "prod" ? name : `${name}-${stage.name}`;
}

function isStage(name: string): name is StageName {
  return Object.hasOwn(CHOICES, name);
}

function architectureFrom(name: string): Architecture {
  const known = [Architecture.ARM_64, Architecture.X86_64].find((each) => each.name === name);
  if (known) return known;
  throw new Error(`architecture must be arm64 or x86_64, not ${name}`);
}
