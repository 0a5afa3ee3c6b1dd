import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

for (const stage of STAGES) {
  const app = synthesised(stage);
  const sourceOf = (queue: string) => {
    const { id } = app.queue(queue);
    const found = app
      .resources("AWS::Lambda::EventSourceMapping")
      .find(({ Properties }) => JSON.stringify(Properties.EventSourceArn).includes(id));
    return found?.Properties;
  };

  test(`${stage}: what is published goes to a bus that no other account may put events on`, () => {
    const name = stage === "prod" ? "dd0c-cost-events" : `dd0c-cost-events-${stage}`;
    const bus = app.named("AWS::Events::EventBus", "Name", name);
    assert.equal(bus.Properties.Policy, undefined);
    for (const { Properties } of app.resources("AWS::Events::EventBusPolicy")) {
      assert(!JSON.stringify(Properties).includes(bus.id));
    }
    for (const { Properties } of app.resources("AWS::Events::Rule")) {
      assert.notDeepEqual(Properties.EventBusName, { Ref: bus.id });
    }
    const { Variables } = app.lambda(`dd0c-cost-${stage}-notifier`).Properties.Environment;
    assert.deepEqual(Variables.EVENT_BUS_NAME, { Ref: bus.id });
  });

  test(`${stage}: digests are written one by one, and outlive hours without Slack`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-digest-queue`).Properties;
    const dlq = app.queue(`dd0c-cost-${stage}-digest-queue-dlq`);
    assert.deepEqual(queue.RedrivePolicy.deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
    assert(queue.RedrivePolicy.maxReceiveCount >= 30);
    const source = sourceOf(`dd0c-cost-${stage}-digest-queue`);
    assert.equal(source.BatchSize, 1);
    assert.equal(source.ScalingConfig.MaximumConcurrency, 2);
    assert.deepEqual(source.FunctionResponseTypes, ["ReportBatchItemFailures"]);
  });

  test(`${stage}: one clock, that is done before it strikes again`, () => {
    const { ReservedConcurrentExecutions, Timeout } = app.lambda(
      `dd0c-cost-${stage}-clock`,
    ).Properties;
    assert.equal(ReservedConcurrentExecutions, 1);
    assert(Timeout < 60);
  });
}
