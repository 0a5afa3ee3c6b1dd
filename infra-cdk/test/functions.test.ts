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
};

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
      // Who answers Slack within three seconds gets more processor time.
      const most = name === "slack-app" ? 512 : 256;
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
      const calledBySlack = name === "slack-app";
      const source = readerOf(lambda.id);
      // Called by a source that keeps what failed, or asynchronously with a queue for it, or by
      // Slack, which waits for the answer and tries again itself.
      assert(calledBySlack || source || kept?.Properties.DestinationConfig.OnFailure.Destination);
      // What the clock could not do, its next stroke does.
      if (kept) assert.equal(kept.Properties.MaximumRetryAttempts, name === "clock" ? 0 : 2);
    });
  }

  test(`${stage}: a queue hides messages for six times the timeout of who reads it`, () => {
    const queues = new Map(app.resources("AWS::SQS::Queue").map((each) => [each.id, each]));
    const read = sources.filter(({ Properties }) => !Properties.StartingPosition);
    assert.equal(read.length, 4);
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
      assert(!/TEST_SOURCE|dd0c\.test|LOCAL_WEBHOOKS/.test(text), file);
    }
  }
  const inTest = Object.values(synthesised("test").written()).join();
  for (const word of [/TEST_SOURCE/, /dd0c\.test/, /LOCAL_WEBHOOKS/]) assert(word.test(inTest));
});

test("a domain of ours takes the place of the API's own address", () => {
  const publicUrl = "https://slack.example";
  const app = new Synthesised("prod", { publicUrl });
  for (const name of ["slack-app", "account-lifecycle"]) {
    const { Variables } = app.lambda(`dd0c-cost-prod-${name}`).Properties.Environment;
    assert.equal(Variables.PUBLIC_URL, publicUrl);
  }
});

test("only stage test talks to another Slack", () => {
  const slackApiUrl = "http://127.0.0.1:1/api";
  const url = (stage: (typeof STAGES)[number]) =>
    new Synthesised(stage, { slackApiUrl }).lambda(`dd0c-cost-${stage}-notifier`).Properties
      .Environment.Variables.SLACK_API_URL;
  assert.equal(url("test"), slackApiUrl);
  assert.equal(url("dev"), "https://slack.com/api");
  assert.equal(url("prod"), "https://slack.com/api");
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
  assert.deepEqual(given.sort(), ["dd0c-cost-dev-anomaly-scorer", "dd0c-cost-dev-event-processor"]);
  assert(!/"FLAGS"/.test(Object.values(synthesised("dev").written()).join()));
});
