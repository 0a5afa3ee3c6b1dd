import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

for (const stage of STAGES) {
  const app = synthesised(stage);

  test(`${stage}: the scorer reads what is new in the stream, and gives up on nothing in silence`, () => {
    const [source, ...others] = app
      .resources("AWS::Lambda::EventSourceMapping")
      .filter(({ Properties }) => Properties.StartingPosition);
    assert.equal(others.length, 0);
    const found = source?.Properties;
    assert.equal(found.StartingPosition, "TRIM_HORIZON");
    assert.equal(found.BatchSize, 100);
    assert.equal(found.BisectBatchOnFunctionError, true);
    assert.equal(found.MaximumRetryAttempts, 10);
    assert.equal(found.MaximumRecordAgeInSeconds, 24 * 3600);
    assert.deepEqual(found.FunctionResponseTypes, ["ReportBatchItemFailures"]);
    const dlq = app.queue(`dd0c-cost-${stage}-anomaly-scorer-dlq`);
    assert.deepEqual(found.DestinationConfig.OnFailure.Destination, {
      "Fn::GetAtt": [dlq.id, "Arn"],
    });
    const [filter] = found.FilterCriteria.Filters;
    assert.deepEqual(JSON.parse(filter.Pattern), {
      eventName: ["INSERT"],
      dynamodb: { NewImage: { entity: { S: app.contract.streamEntities } } },
    });
  });

  test(`${stage}: alerts wait in a standard queue with its own dead letters`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-alert-queue`).Properties;
    const dlq = app.queue(`dd0c-cost-${stage}-alert-queue-dlq`);
    assert.equal(queue.FifoQueue, undefined);
    assert.equal(dlq.Properties.FifoQueue, undefined);
    assert.deepEqual(queue.RedrivePolicy.deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
  });

  test(`${stage}: an alert outlives half a day without Slack, and a storm of others`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-alert-queue`).Properties;
    const hidden = (nth: number) => Math.min(5 * 2 ** nth, 900);
    const waits = Array.from({ length: queue.RedrivePolicy.maxReceiveCount - 1 }, (_, nth) =>
      hidden(nth),
    );
    assert(waits.reduce((sum, wait) => sum + wait) >= 12 * 3600);
    // Who waits for his turn is received every six seconds, and has a turn a second.
    assert(6 * queue.RedrivePolicy.maxReceiveCount >= 500);
    assert(queue.MessageRetentionPeriod > 24 * 3600);
  });
}
