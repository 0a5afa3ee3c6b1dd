import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

/** Variables that a function can do without, and gets in every stage. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  "account-lifecycle": ["PUBLIC_URL"],
};
/** The same, in stage test alone. */
const TEST: Readonly<Record<string, readonly string[]>> = {
  "event-router": ["TEST_SOURCE"],
  "event-processor": ["TEST_SOURCE"],
  notifier: ["LOCAL_WEBHOOKS"],
  api: ["LOCAL_WEBHOOKS"],
};
/** They have somebody waiting for an answer, or much to read; and Lambda gives time by memory. */
const LARGE = ["account-worker", "api", "slack-app"];
/** Called by who waits for the answer, and asks again without one. */
const ASKED = ["api", "github-oidc", "slack-app", "stripe-webhook"];

for (const stage of STAGES) {
  const app = synthesised(stage);
  const { contract } = app;
  const functions = app.resources("AWS::Lambda::Function");
  const sources = app.resources("AWS::Lambda::EventSourceMapping");
  const readerOf = (id: string) =>
    sources.find(({ Properties }) => Properties.FunctionName.Ref === id);

  test(`${stage}: the functions are those of the contract`, () => {
    assert.deepEqual(
      functions.map(({ Properties }) => Properties.FunctionName).sort(),
      Object.keys(contract.functions)
        .map((name) => `dd0c-cost-${stage}-${name}`)
        .sort(),
    );
  });

  for (const [name, { environment }] of Object.entries(contract.functions)) {
    const lambda = app.lambda(`dd0c-cost-${stage}-${name}`);
    const { Properties: found } = lambda;

    test(`${stage}: ${name} gets exactly the variables of the contract`, () => {
      const optional = [...(OPTIONAL[name] ?? []), ...((stage === "test" && TEST[name]) || [])];
      const wanted = [...environment, "LOG_LEVEL", ...optional];
      assert.deepEqual(Object.keys(found.Environment.Variables).sort(), wanted.sort());
      assert.equal(found.Environment.Variables.STAGE, stage);
    });

    test(`${stage}: ${name} is a small Arm function with limits and without X-Ray`, () => {
      assert.equal(found.Runtime, "provided.al2023");
      assert.equal(found.Handler, "bootstrap");
      assert.deepEqual(found.Architectures, ["arm64"]);
      const most = LARGE.includes(name) ? 512 : 256;
      assert(found.MemorySize >= 128 && found.MemorySize <= most);
      assert(found.Timeout > 0);
      assert.equal(found.TracingConfig, undefined);
      const queueLimit = readerOf(lambda.id)?.Properties.ScalingConfig?.MaximumConcurrency;
      assert(
        found.ReservedConcurrentExecutions ?? queueLimit,
        "how many run at once is not limited",
      );
    });

    test(`${stage}: ${name} has its own log, encrypted and not for ever`, () => {
      const log = app.named(
        "AWS::Logs::LogGroup",
        "LogGroupName",
        `/aws/lambda/dd0c-cost-${stage}-${name}`,
      );
      assert.deepEqual(found.LoggingConfig.LogGroup, { Ref: log.id });
      assert(log.Properties.RetentionInDays <= 90);
      assert(log.Properties.KmsKeyId);
    });

    test(`${stage}: ${name} loses no event`, () => {
      const kept = app
        .resources("AWS::Lambda::EventInvokeConfig")
        .find(({ Properties }) => Properties.FunctionName.Ref === lambda.id);
      const source = readerOf(lambda.id);
      // Called by a source that keeps what failed, or asynchronously with a queue for it.
      const keeps = source ?? kept?.Properties.DestinationConfig.OnFailure.Destination;
      assert(ASKED.includes(name) || keeps);
      // What the clock could not do, its next stroke does.
      if (kept) assert.equal(kept.Properties.MaximumRetryAttempts, name === "clock" ? 0 : 2);
    });
  }

  test(`${stage}: a queue hides messages for six times the timeout of who reads it`, () => {
    const queues = new Map(app.resources("AWS::SQS::Queue").map((each) => [each.id, each]));
    const read = sources.filter(({ Properties }) => !Properties.StartingPosition);
    assert.equal(read.length, 7);
    for (const { Properties: source } of read) {
      const arn = JSON.stringify(source.EventSourceArn);
      const queue = [...queues.values()].find((each) => arn.includes(each.id));
      const reader = functions.find(({ id }) => id === source.FunctionName.Ref);
      assert(queue && reader);
      assert(queue.Properties.VisibilityTimeout >= 6 * reader.Properties.Timeout);
    }
  });
}

test("the test source and webhooks on this machine are nowhere but in stage test", () => {
  for (const stage of ["dev", "prod"] as const) {
    for (const [file, text] of Object.entries(synthesised(stage).written())) {
      assert(!/TEST_SOURCE|dd0c\.test|LOCAL_WEBHOOKS|CUSTOMER_AWS_URL|JWKS_URL/.test(text), file);
    }
  }
  const inTest = Object.values(synthesised("test").written()).join();
  for (const word of [/TEST_SOURCE/, /dd0c\.test/, /LOCAL_WEBHOOKS/]) assert(word.test(inTest));
});

test("a domain of ours takes the place of the API's own address", () => {
  const publicUrl = "https://slack.example";
  const app = new Synthesised("prod", { publicUrl });
  for (const name of ["api", "slack-app", "account-lifecycle"]) {
    const { Variables } = app.lambda(`dd0c-cost-prod-${name}`).Properties.Environment;
    assert.equal(Variables.PUBLIC_URL, publicUrl);
  }
});

test("only stage test talks to another Slack, Stripe, GitHub or AWS, and trusts other keys", () => {
  const others = {
    slackApiUrl: ["notifier", "SLACK_API_URL", "https://slack.com/api"],
    stripeApiUrl: ["billing-worker", "STRIPE_API_URL", "https://api.stripe.com"],
    githubUrl: ["github-oidc", "GITHUB_URL", "https://github.com"],
    githubApiUrl: ["github-oidc", "GITHUB_API_URL", "https://api.github.com"],
    customerAwsUrl: ["account-worker", "CUSTOMER_AWS_URL", undefined],
    jwksUrl: ["api", "JWKS_URL", undefined],
  } as const;
  const played = (name: string) => `http://127.0.0.1:1/${name}`;
  const context = Object.fromEntries(Object.keys(others).map((name) => [name, played(name)]));
  for (const stage of STAGES) {
    const app = new Synthesised(stage, context);
    for (const [name, [of, variable, real]] of Object.entries(others)) {
      const { Variables } = app.lambda(`dd0c-cost-${stage}-${of}`).Properties.Environment;
      assert.equal(Variables[variable], stage === "test" ? played(name) : real);
    }
  }
});

test("what is to stay of a stage stands in cdk.json, and what is said by -c goes before it", () => {
  const stages = { prod: { publicUrl: "https://slack.example", logLevel: "warn" } };
  const variables = (stage: "dev" | "prod", context: object) =>
    new Synthesised(stage, { stages, ...context }).lambda(`dd0c-cost-${stage}-slack-app`).Properties
      .Environment.Variables;
  const kept = variables("prod", {});
  assert.deepEqual([kept.PUBLIC_URL, kept.LOG_LEVEL], ["https://slack.example", "warn"]);
  assert.equal(variables("prod", { logLevel: "debug" }).LOG_LEVEL, "debug");
  assert.equal(variables("dev", {}).LOG_LEVEL, "info");
});

test("an address with a slash at the end is refused, since paths are put behind it", () => {
  for (const name of ["publicUrl", "apiUrl", "dashboardUrl"]) {
    assert.throws(
      () => new Synthesised("dev", { [name]: "https://cost.example/" }),
      new RegExp(`${name} must have no slash at the end: https://cost.example/`),
    );
  }
});

test("traces go where the context says", () => {
  const otlpEndpoint = "https://collector.example";
  const app = new Synthesised("dev", { otlpEndpoint });
  for (const { Properties } of app.resources("AWS::Lambda::Function")) {
    assert.equal(Properties.Environment.Variables.OTEL_EXPORTER_OTLP_ENDPOINT, otlpEndpoint);
  }
});

test("overrides of flags go to the functions that ask flags, and to no others", () => {
  const flags = '{"parser.rds":{"rollout_percent":0}}';
  const app = new Synthesised("dev", { flags });
  const given = app
    .resources("AWS::Lambda::Function")
    .filter(({ Properties }) => Properties.Environment.Variables.FLAGS === flags)
    .map(({ Properties }) => Properties.FunctionName);
  assert.deepEqual(
    given.sort(),
    ["account-worker", "anomaly-scorer", "event-processor"].map((name) => `dd0c-cost-dev-${name}`),
  );
  assert(!/"FLAGS"/.test(Object.values(synthesised("dev").written()).join()));
});
