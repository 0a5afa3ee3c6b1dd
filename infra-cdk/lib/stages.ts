// What differs between the stages. Everything else is the same in all of them.

import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Node } from "constructs";

/** The customers' template, where it is published. */
export const TEMPLATE_FILE = "dd0c-cost-readonly.yaml";

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
  /** The same of the function that checks, scans and rehearses accounts. */
  readonly accountTimeout: Duration;
  /** Whether other accounts may forward events to the bus. */
  readonly openBus: boolean;
  /** Whether schedules run by themselves. */
  readonly schedulesEnabled: boolean;
  readonly logRetention: RetentionDays;
  readonly logLevel: string;
  /** An event source of ours that passes for AWS. An emulator refuses sources that begin "aws.". */
  readonly testSource?: string;
  /** Whether people sign up with a password. An emulator knows no other way to sign in. */
  readonly passwords: boolean;
  readonly slackApiUrl: string;
  readonly stripeApiUrl: string;
  readonly githubUrl: string;
  readonly githubApiUrl: string;
  /** An AWS that is played in place of the customers' one. */
  readonly customerAwsUrl?: string;
  /** Where the keys of the issuer are: an emulator's tokens name AWS, and its keys are elsewhere. */
  readonly jwksUrl?: string;
  /** Address of the door for Slack under a domain of ours; without it that of the API itself. */
  readonly publicUrl?: string;
  /** Address of the API under a domain of ours; without it its own. */
  readonly apiUrl?: string;
  /** A web ACL of WAF, for CloudFront: it is put before the API. Without it nothing is. */
  readonly webAclArn?: string;
  /** Whether CloudFront gives out the dashboard. */
  readonly hasSite: boolean;
  /** A domain of ours for it, and the certificate of that; without it CloudFront's own name. */
  readonly siteDomain?: SiteDomain;
  /** A web ACL of WAF, for CloudFront: it is put before the dashboard. */
  readonly siteWebAclArn?: string;
  /** Folder of the built dashboard, as its build leaves it. */
  readonly siteDir: string;
  /** Address of the dashboard, without a slash at the end. */
  readonly dashboardUrl: string;
  /** Where customers' CloudFormation reads our template. */
  readonly templateUrl: string;
  /** A bucket to be made for it; without it there is one already. */
  readonly templatesBucket?: string;
  /** By which Google knows us; without it people sign in by GitHub alone. */
  readonly googleClientId?: string;
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

export interface SiteDomain {
  readonly name: string;
  /** In us-east-1, since CloudFront reads it there. */
  readonly certificateArn: string;
}

type Choice = Pick<
  Stage,
  | "removal"
  | "deletionProtection"
  | "queueConsumerTimeout"
  | "accountTimeout"
  | "openBus"
  | "schedulesEnabled"
  | "logRetention"
  | "testSource"
  | "localWebhooks"
  | "passwords"
  | "hasSite"
  | "allowStubs"
>;

const dev: Choice = {
  removal: RemovalPolicy.DESTROY,
  deletionProtection: false,
  queueConsumerTimeout: Duration.seconds(30),
  accountTimeout: Duration.minutes(5),
  openBus: true,
  schedulesEnabled: true,
  logRetention: RetentionDays.TWO_WEEKS,
  localWebhooks: false,
  passwords: false,
  hasSite: true,
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
    accountTimeout: Duration.seconds(30),
    openBus: false,
    schedulesEnabled: false,
    testSource: "dd0c.test",
    localWebhooks: true,
    passwords: true,
    // Nothing of an emulator stands at the edge.
    hasSite: false,
  },
};

/**
 * The stage that the context asks for: `-c stage=dev|prod|test`, and the other values below, by `-c`
 * or, to stay, under `stages.<stage>` in the context of cdk.json.
 */
export function stageFrom(node: Node): Stage {
  const given = (value: string) => node.tryGetContext(value) as string | undefined;
  const name = given("stage") ?? "dev";
  if (!isStage(name)) throw new Error(`stage must be dev, prod or test, not ${name}`);
  const kept = (node.tryGetContext("stages") as Kept | undefined)?.[name];
  const context = (value: string) => given(value) ?? kept?.[value];
  const choice = CHOICES[name];
  return {
    ...choice,
    ...addressesOfOthers(name, context),
    ...addressesOfOurs(context),
    name,
    region: "us-east-1",
    logLevel: context("logLevel") ?? "info",
    webAclArn: context("webAclArn"),
    siteWebAclArn: context("siteWebAclArn"),
    siteDir: context("siteDir") ?? "../dashboard/out",
    googleClientId: choice.passwords ? undefined : context("googleClientId"),
    otlpEndpoint: context("otlpEndpoint"),
    flags: context("flags"),
    architecture: architectureFrom(context("architecture") ?? "arm64"),
    functionsDir: context("functionsDir") ?? "../target/lambda",
    allowStubs: choice.allowStubs || String(context("allowStubs")) === "true",
  };
}

type Kept = Partial<Record<StageName, Record<string, string>>>;
type Context = (name: string) => string | undefined;

/** Only stage test talks to anybody else than those whom we mean. */
function addressesOfOthers(stage: StageName, context: Context) {
  const inTest = (name: string) => (stage === "test" ? context(name) : undefined);
  return {
    slackApiUrl: inTest("slackApiUrl") ?? "https://slack.com/api",
    stripeApiUrl: inTest("stripeApiUrl") ?? "https://api.stripe.com",
    githubUrl: inTest("githubUrl") ?? "https://github.com",
    githubApiUrl: inTest("githubApiUrl") ?? "https://api.github.com",
    customerAwsUrl: inTest("customerAwsUrl"),
    jwksUrl: inTest("jwksUrl"),
  };
}

function addressesOfOurs(context: Context) {
  const templatesBucket = context("templatesBucket");
  const bucket = templatesBucket ?? "dd0c-cf-templates";
  const siteDomain = siteDomainFrom(context);
  const siteUrl = siteDomain && `https://${siteDomain.name}`;
  return {
    siteDomain,
    publicUrl: address("publicUrl", context),
    apiUrl: address("apiUrl", context),
    dashboardUrl: address("dashboardUrl", context) ?? siteUrl ?? "http://127.0.0.1:4180",
    templateUrl: context("templateUrl") ?? `https://${bucket}.s3.amazonaws.com/${TEMPLATE_FILE}`,
    templatesBucket,
  };
}

/** Paths are put behind it. */
function address(name: string, context: Context): string | undefined {
  const found = context(name);
  if (!found?.endsWith("/")) return found;
  throw new Error(`${name} must have no slash at the end: ${found}`);
}

function siteDomainFrom(context: Context): SiteDomain | undefined {
  const [name, certificateArn] = [context("siteDomain"), context("siteCertificate")];
  if (!name && !certificateArn) return undefined;
  if (!name || !certificateArn) {
    throw new Error(
      "siteDomain and siteCertificate go together: CloudFront shows one for the other",
    );
  }
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) {
    throw new Error(
      `siteDomain must be the name of a host alone, such as cost.example.com: ${name}`,
    );
  }
  if (certificateArn.startsWith("arn:aws:acm:us-east-1:")) return { name, certificateArn };
  throw new Error(`siteCertificate must be a certificate in us-east-1: ${certificateArn}`);
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
