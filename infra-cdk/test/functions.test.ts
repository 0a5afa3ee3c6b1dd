import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

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
      const readsTestSource =
        stage === "test" && ["event-router", "event-processor"].includes(name);
      const wanted = [...environment, "LOG_LEVEL", ...(readsTestSource ? ["TEST_SOURCE"] : [])];
      assert.deepEqual(Object.keys(found.Environment.Variables).sort(), wanted.sort());
      assert.equal(found.Environment.Variables.STAGE, stage);
    });

    test(`${stage}: ${name} is a small Arm function with limits and without X-Ray`, () => {
      assert.equal(found.Runtime, "provided.al2023");
      assert.equal(found.Handler, "bootstrap");
      assert.deepEqual(found.Architectures, ["arm64"]);
      assert(found.MemorySize >= 128 && found.MemorySize <= 256);
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
      assert(source || kept?.Properties.DestinationConfig.OnFailure.Destination);
      if (kept) assert.equal(kept.Properties.MaximumRetryAttempts, 2);
    });
  }

  test(`${stage}: a queue hides messages for six times the timeout of who reads it`, () => {
    const queues = new Map(app.resources("AWS::SQS::Queue").map((each) => [each.id, each]));
    const read = sources.filter(({ Properties }) => !Properties.StartingPosition);
    assert.equal(read.length, 2);
    for (const { Properties: source } of read) {
      const arn = JSON.stringify(source.EventSourceArn);
      const queue = [...queues.values()].find((each) => arn.includes(each.id));
      const reader = functions.find(({ id }) => id === source.FunctionName.Ref);
      assert(queue && reader);
      assert(queue.Properties.VisibilityTimeout >= 6 * reader.Properties.Timeout);
    }
  });
}

test("the test source is nowhere but in stage test", () => {
  for (const stage of ["dev", "prod"] as const) {
    for (const [file, text] of Object.entries(synthesised(stage).written())) {
      assert(!/TEST_SOURCE|dd0c\.test/.test(text), file);
    }
  }
  const inTest = Object.values(synthesised("test").written()).join();
  assert(/TEST_SOURCE/.test(inTest) && /dd0c\.test/.test(inTest));
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
