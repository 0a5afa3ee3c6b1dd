import assert from "node:assert/strict";
import { test } from "node:test";
import { type Resource, STAGES, synthesised } from "./synthesised.ts";

interface AlarmMetric {
  readonly MetricName: string;
  readonly Dimensions: { readonly Name: string; readonly Value: string }[];
}

for (const stage of STAGES) {
  const app = synthesised(stage);
  const { contract } = app;
  const alarms = app.resources("AWS::CloudWatch::Alarm");

  /** The alarms that look at a metric of something. */
  const watching = (metric: string, of: string): Resource[] =>
    alarms.filter(({ Properties }) =>
      metricsOf(Properties).some(
        ({ MetricName, Dimensions }) =>
          MetricName === metric && Dimensions.some(({ Value }) => Value === of),
      ),
    );

  const one = (metric: string, of: string) => {
    const found = watching(metric, of);
    assert.equal(found.length, 1, `${found.length} alarms watch ${metric} of ${of}`);
    return found[0]?.Properties;
  };

  for (const { Properties } of app.resources("AWS::Lambda::Function")) {
    test(`${stage}: errors and throttles of ${Properties.FunctionName} ring`, () => {
      const errors = one("Errors", Properties.FunctionName);
      assert.equal(errors.Threshold, 5);
      const formula = errors.Metrics.find(({ Expression }: { Expression?: string }) => Expression);
      assert.match(formula.Expression, /100 \* errors \/ invocations/);
      assert.equal(one("Throttles", Properties.FunctionName).Threshold, 0);
    });
  }

  const queues = app.resources("AWS::SQS::Queue").map(({ Properties }) => Properties);
  for (const { QueueName } of queues.filter(({ RedrivePolicy }) => !RedrivePolicy)) {
    test(`${stage}: the first message in ${QueueName} rings`, () => {
      assert.match(QueueName, /-dlq(\.fifo)?$/);
      const alarm = one("ApproximateNumberOfMessagesVisible", QueueName);
      assert.equal(alarm.Threshold, 0);
      assert.equal(alarm.ComparisonOperator, "GreaterThanThreshold");
    });
  }

  for (const { QueueName } of queues.filter(
    ({ FifoQueue, RedrivePolicy }) => FifoQueue && RedrivePolicy,
  )) {
    test(`${stage}: a message that waits a minute in ${QueueName} rings`, () => {
      assert.equal(one("ApproximateAgeOfOldestMessage", QueueName).Threshold, 60);
    });
  }

  test(`${stage}: somebody who waits a minute for an answer rings, a digest that waits does not`, () => {
    const age = "ApproximateAgeOfOldestMessage";
    const alarm = one(age, `dd0c-cost-${stage}-question-queue`);
    assert.equal(alarm.Threshold, 60);
    assert.match(alarm.AlarmDescription, /#slow-answers$/);
    assert.equal(watching(age, `dd0c-cost-${stage}-digest-queue`).length, 0);
  });

  for (const { Properties } of app.resources("AWS::Lambda::EventSourceMapping")) {
    if (!Properties.StartingPosition) continue;
    const reader = app
      .resources("AWS::Lambda::Function")
      .find(({ id }) => id === Properties.FunctionName.Ref);
    const name = reader?.Properties.FunctionName;
    test(`${stage}: a minute behind the stream rings for ${name}`, () => {
      assert.equal(one("IteratorAge", name).Threshold, 60_000);
    });
  }

  for (const door of ["api-door", "github-door", "slack-door"]) {
    test(`${stage}: one failure in a hundred requests at ${door} rings`, () => {
      const alarm = app.named(
        "AWS::CloudWatch::Alarm",
        "AlarmName",
        `dd0c-cost-${stage}-${door}-failures`,
      ).Properties;
      assert.equal(alarm.Threshold, 1);
      assert.equal(alarm.ComparisonOperator, "GreaterThanThreshold");
      const [formula, ...metrics] = alarm.Metrics;
      assert.match(formula.Expression, /100 \* failures \/ requests/);
      const api = app.named("AWS::ApiGatewayV2::Api", "Name", `dd0c-cost-${stage}-${door}`);
      for (const { MetricStat } of metrics) {
        assert.equal(MetricStat.Period, 300);
        const [{ Name, Value }, ...others] = MetricStat.Metric.Dimensions;
        assert.equal(others.length, 0);
        assert.equal(Name, "ApiId");
        assert(Value["Fn::ImportValue"].includes(`Ref${api.id}`));
      }
      assert.deepEqual(
        metrics.map(
          ({ MetricStat }: { MetricStat: { Metric: AlarmMetric } }) => MetricStat.Metric.MetricName,
        ),
        ["5xx", "Count"],
      );
    });
  }

  test(`${stage}: each door has such an alarm`, () => {
    const failing = alarms.filter(({ Properties }) =>
      /#failing-doors$/.test(Properties.AlarmDescription),
    );
    assert.equal(failing.length, app.resources("AWS::ApiGatewayV2::Api").length);
  });

  test(`${stage}: the first call-back that does not reach its queue rings`, () => {
    const topic = stage === "prod" ? "dd0c-cost-callback" : `dd0c-cost-callback-${stage}`;
    const alarm = one("NumberOfNotificationsFailed", topic);
    assert.equal(alarm.Threshold, 0);
    assert.equal(alarm.ComparisonOperator, "GreaterThanThreshold");
  });

  test(`${stage}: silence rings`, () => {
    const alarm = one("Accepted", stage);
    assert.equal(alarm.Namespace, contract.metrics.namespace);
    assert.equal(alarm.Period * alarm.EvaluationPeriods, 15 * 60);
    assert.equal(alarm.ComparisonOperator, "LessThanThreshold");
    assert.equal(alarm.TreatMissingData, "breaching");
  });

  test(`${stage}: the first alert that a breaker holds back within 15 minutes rings`, () => {
    const alarm = one("HeldBack", stage);
    assert.equal(alarm.Threshold, 0);
    assert.equal(alarm.Statistic, "Sum");
    assert.equal(alarm.Period * alarm.EvaluationPeriods, 15 * 60);
    assert.equal(alarm.ComparisonOperator, "GreaterThanThreshold");
    assert.equal(alarm.TreatMissingData, "notBreaching");
  });

  test(`${stage}: slow alerts and many refusals ring`, () => {
    const latency = one("AlertLatency", stage);
    assert.equal(latency.ExtendedStatistic, "p99");
    assert.equal(latency.Threshold, 10);
    assert(one("Refused", stage).Threshold > 0);
  });

  test(`${stage}: every alarm tells somebody what it means and where to read on`, () => {
    const topic = app.named("AWS::SNS::Topic", "TopicName", `dd0c-cost-${stage}-ops-alerts`);
    assert(topic.Properties.KmsMasterKeyId);
    for (const { Properties } of alarms) {
      assert.match(
        Properties.AlarmDescription,
        /^[A-Z].*\. What to do: docs\/OPERATING\.md#[a-z-]+$/,
      );
      assert.deepEqual(Properties.AlarmActions, [{ Ref: topic.id }]);
      assert.deepEqual(Properties.OKActions, [{ Ref: topic.id }]);
    }
  });

  test(`${stage}: alarms may publish to the encrypted topic`, () => {
    const [policy] = app
      .resources("AWS::SNS::TopicPolicy")
      .filter(({ stack }) => stack === "observability");
    const allowed = (statements: { Effect: string; Principal: { Service?: string } }[]) =>
      statements.some(
        ({ Effect, Principal }) =>
          Effect === "Allow" && Principal.Service === "cloudwatch.amazonaws.com",
      );
    assert(allowed(policy?.Properties.PolicyDocument.Statement));
    const keys = app.resources("AWS::KMS::Key").filter(({ stack }) => stack === "observability");
    assert(keys.some(({ Properties }) => allowed(Properties.KeyPolicy.Statement)));
  });

  test(`${stage}: the dashboard shows the path from left to right, and every metric of the contract`, () => {
    const [dashboard] = app.resources("AWS::CloudWatch::Dashboard");
    const parts: unknown[] = dashboard?.Properties.DashboardBody["Fn::Join"][1];
    const body = JSON.parse(parts.map((part) => (typeof part === "string" ? part : "")).join(""));
    const titles = (row: number) =>
      body.widgets
        .filter(({ y }: { y: number }) => y === row)
        .sort((a: { x: number }, b: { x: number }) => a.x - b.x)
        .map(({ properties }: { properties: { title: string } }) => properties.title);
    assert.deepEqual(titles(0), [
      "bus",
      "event-router",
      "event-ingestion",
      "event-processor",
      "anomaly-scorer",
      "alert-queue",
      "notifier",
      "people",
    ]);
    assert.deepEqual(titles(12), [
      "slack-app",
      "question-queue",
      "slack-worker",
      "clock",
      "digest-queue",
      "daily-digest",
      "account-lifecycle",
      "told",
    ]);
    assert.deepEqual(titles(24), [
      "api-door",
      "api",
      "account-queue",
      "account-worker",
      "stripe-webhook",
      "billing-queue",
      "billing-worker",
      "github-oidc",
    ]);
    for (const metric of contract.metrics.names) {
      assert(JSON.stringify(body).includes(`"${metric}"`), metric);
    }
  });
}

/** The metrics of an alarm, be it over one or over a formula. */
function metricsOf(alarm: Resource["Properties"]): AlarmMetric[] {
  const inFormula: { MetricStat?: { Metric: AlarmMetric } }[] = alarm.Metrics ?? [];
  const found = inFormula.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  return alarm.MetricName ? [alarm, ...found] : found;
}
