import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

/** The most that EventBridge takes. */
const MAX_PATTERN = 4096;

for (const stage of STAGES) {
  const app = synthesised(stage);
  const { contract } = app;
  const rules = app.resources("AWS::Events::Rule");

  test(`${stage}: each pattern of the contract is a rule`, () => {
    const { calls, watchdog, states } = contract.patterns;
    const patterns = [...calls, ...watchdog, ...states].map((pattern) =>
      stage === "test" ? { ...pattern, source: [...pattern.source, "dd0c.test"] } : pattern,
    );
    assert.deepEqual(
      rules.map(({ Properties }) => Properties.EventPattern),
      patterns,
    );
    for (const { Properties } of rules) {
      assert(JSON.stringify(Properties.EventPattern).length <= MAX_PATTERN, Properties.Name);
    }
  });

  test(`${stage}: rules call the router, and what they cannot deliver goes to a standard queue`, () => {
    const router = app.lambda(`dd0c-cost-${stage}-event-router`).id;
    const dlq = app.queue(`dd0c-cost-${stage}-event-router-dlq`);
    assert.equal(dlq.Properties.FifoQueue, undefined);
    for (const { Properties } of rules) {
      assert.equal(Properties.Targets.length, 1);
      const [target] = Properties.Targets;
      assert.deepEqual(target.Arn, { "Fn::GetAtt": [router, "Arn"] });
      assert.deepEqual(target.DeadLetterConfig.Arn, { "Fn::GetAtt": [dlq.id, "Arn"] });
    }
  });

  test(`${stage}: the ingestion queue is FIFO at its full speed`, () => {
    const { Properties: queue } = app.queue(`dd0c-cost-${stage}-event-ingestion.fifo`);
    assert.equal(queue.FifoQueue, true);
    assert.equal(queue.ContentBasedDeduplication, false);
    assert.equal(queue.DeduplicationScope, "messageGroup");
    assert.equal(queue.FifoThroughputLimit, "perMessageGroupId");
    assert.equal(queue.RedrivePolicy.maxReceiveCount, 5);
    const dlq = app.queue(`dd0c-cost-${stage}-event-ingestion-dlq.fifo`);
    assert.equal(dlq.Properties.FifoQueue, true);
    assert.deepEqual(queue.RedrivePolicy.deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
  });

  test(`${stage}: the processor takes batches of ten and gives back only what failed`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-event-ingestion.fifo`).id;
    const { Properties: source } = app
      .resources("AWS::Lambda::EventSourceMapping")
      .find(({ Properties }) => Properties.EventSourceArn["Fn::GetAtt"]?.[0] === queue) ?? {
      Properties: undefined,
    };
    assert.equal(source.BatchSize, 10);
    assert.deepEqual(source.FunctionResponseTypes, ["ReportBatchItemFailures"]);
    assert(source.ScalingConfig.MaximumConcurrency >= 2);
  });
}

for (const stage of ["dev", "prod"] as const) {
  test(`${stage}: any account may forward to the bus, by rules only`, () => {
    const app = synthesised(stage);
    const name = stage === "prod" ? "dd0c-cost-bus" : `dd0c-cost-bus-${stage}`;
    const bus = app.named("AWS::Events::EventBus", "Name", name).id;
    const [policy, ...others] = app.resources("AWS::Events::EventBusPolicy");
    assert.equal(others.length, 0);
    assert.deepEqual(policy?.Properties.Statement, {
      Effect: "Allow",
      Principal: "*",
      Action: "events:PutEvents",
      Resource: { "Fn::GetAtt": [bus, "Arn"] },
      Condition: { Bool: { "events:eventBusInvocation": "true" } },
    });
  });
}
