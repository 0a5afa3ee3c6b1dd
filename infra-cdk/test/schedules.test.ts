import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

const WANTED = {
  promote: {
    at: "cron(5 8 * * ? *)",
    calls: "account-lifecycle",
    input: '{"task":"promote"}',
    retries: 3,
  },
  purge: {
    at: "cron(35 * * * ? *)",
    calls: "account-lifecycle",
    input: '{"task":"purge"}',
    retries: 3,
  },
  strike: { at: "rate(1 minute)", calls: "clock", input: undefined, retries: 0 },
};

for (const stage of STAGES) {
  const app = synthesised(stage);
  const schedules = app.resources("AWS::Scheduler::Schedule");

  test(`${stage}: there are exactly the schedules that are wanted`, () => {
    const names = schedules.map(({ Properties }) => Properties.Name).sort();
    assert.deepEqual(
      names,
      Object.keys(WANTED).map((name) => `dd0c-cost-${stage}-${name}`),
    );
  });

  for (const [name, { at, calls, input, retries }] of Object.entries(WANTED)) {
    test(`${stage}: ${name} calls ${calls}, and a call that cannot be made is kept`, () => {
      const { Properties: schedule } = app.named(
        "AWS::Scheduler::Schedule",
        "Name",
        `dd0c-cost-${stage}-${name}`,
      );
      const lambda = app.lambda(`dd0c-cost-${stage}-${calls}`).id;
      const dlq = app.queue(`dd0c-cost-${stage}-${calls}-dlq`).id;
      assert.equal(schedule.ScheduleExpression, at);
      assert.equal(schedule.ScheduleExpressionTimezone, "UTC");
      assert.equal(schedule.State, stage === "test" ? "DISABLED" : "ENABLED");
      assert.equal(schedule.Target.Input, input);
      assert.equal(schedule.Target.RetryPolicy.MaximumRetryAttempts, retries);
      assert.deepEqual(schedule.Target.Arn, { "Fn::GetAtt": [lambda, "Arn"] });
      assert.deepEqual(schedule.Target.DeadLetterConfig.Arn, { "Fn::GetAtt": [dlq, "Arn"] });
    });
  }
}
