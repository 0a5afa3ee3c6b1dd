// All alarms. The names of sections are those of docs/OPERATING.md.

import { Duration } from "aws-cdk-lib";
import { MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { OpsAlarm, type OpsAlarmProps } from "./constructs/ops-alarm.ts";
import type { HttpDoor } from "./constructs/http-door.ts";
import type { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import type { RustFunction } from "./constructs/rust-function.ts";
import type { Contract } from "./contract.ts";
import { ofDoor, ofFunction, ofPipeline, ofQueue, ofSite, ofTopic } from "./metrics.ts";
import type { Stage } from "./stages.ts";
import { functionNamed, type Watched } from "./watched.ts";

/** Refusals in five minutes that are more than a mistake of one sender. */
const MANY_REFUSALS = 300;

type AlarmProps = Omit<OpsAlarmProps, "stage" | "topic">;

export function addAlarms(
  scope: Construct,
  { stage, contract, topic }: { stage: Stage; contract: Contract; topic: ITopic },
  watched: Watched,
): OpsAlarm[] {
  const alarms: Record<string, AlarmProps> = {
    ...functionAlarms(watched),
    ...queueAlarms(watched),
    ...doorAlarms(watched),
    ...topicAlarms(watched),
    ...siteAlarms(watched),
    ...pipelineAlarms(stage, contract, watched),
  };
  return Object.entries(alarms).map(
    ([id, props]) => new OpsAlarm(scope, id, { stage, topic, ...props }),
  );
}

function functionAlarms({ functions }: Watched): Record<string, AlarmProps> {
  const alarms = functions.flatMap((each): [string, AlarmProps][] => [
    [
      `${each.name}-errors`,
      {
        metric: errorRate(each),
        above: 5,
        means: `More than 5 % of the calls of ${each.name} failed in 5 minutes.`,
        section: "function-errors",
      },
    ],
    [
      `${each.name}-throttles`,
      {
        metric: ofFunction(each, "Throttles"),
        above: 0,
        means: `Lambda held back calls of ${each.name}: its limit of concurrency is reached.`,
        section: "throttles",
      },
    ],
  ]);
  return Object.fromEntries(alarms);
}

function errorRate(of: RustFunction): MathExpression {
  return new MathExpression({
    expression: "IF(invocations > 0, 100 * errors / invocations, 0)",
    usingMetrics: {
      errors: ofFunction(of, "Errors"),
      invocations: ofFunction(of, "Invocations"),
    },
    label: "calls that failed, %",
    period: Duration.minutes(5),
  });
}

function queueAlarms({ queues, deadLetters }: Watched): Record<string, AlarmProps> {
  const dead = deadLetters.map((each): [string, AlarmProps] => [
    `${each.node.id}-depth`,
    {
      metric: ofQueue(each, "ApproximateNumberOfMessagesVisible"),
      above: 0,
      means: `Messages lie in ${each.fullName}: they failed for good and wait for a person.`,
      section: "dead-letters",
    },
  ]);
  const prompt = queues.filter((each) => each.prompt);
  const ages = prompt.map((each): [string, AlarmProps] => [
    `${each.node.id}-age`,
    { metric: ofQueue(each, "ApproximateAgeOfOldestMessage"), above: 60, ...late(each) },
  ]);
  return Object.fromEntries([...dead, ...ages]);
}

function late({ fifo, fullName }: QueueWithDlq): Pick<AlarmProps, "means" | "section"> {
  if (fifo) {
    const means = `A message has waited in ${fullName} for more than 60 seconds.`;
    return { means, section: "ingestion-lag" };
  }
  const means = `Somebody has waited in ${fullName} for an answer for more than 60 seconds.`;
  return { means, section: "slow-answers" };
}

function doorAlarms({ doors }: Watched): Record<string, AlarmProps> {
  const alarms = doors.map((each): [string, AlarmProps] => [
    `${each.name}-failures`,
    {
      metric: failureRate(each),
      above: 1,
      means: `More than 1 % of what came to ${each.name} in 5 minutes was answered with a failure of ours.`,
      section: "failing-doors",
    },
  ]);
  return Object.fromEntries(alarms);
}

function failureRate(of: HttpDoor): MathExpression {
  return new MathExpression({
    expression: "IF(requests > 0, 100 * failures / requests, 0)",
    usingMetrics: { failures: ofDoor(of, "5xx"), requests: ofDoor(of, "Count") },
    label: "requests that failed, %",
    period: Duration.minutes(5),
  });
}

function topicAlarms({ topics }: Watched): Record<string, AlarmProps> {
  const alarms = topics.map((each): [string, AlarmProps] => [
    `${each.node.id}-failures`,
    {
      metric: ofTopic(each, "NumberOfNotificationsFailed"),
      above: 0,
      means: `Calls to ${each.fullName} did not reach their queue: customers wait for an answer.`,
      section: "lost-call-backs",
    },
  ]);
  return Object.fromEntries(alarms);
}

function siteAlarms({ sites }: Watched): Record<string, AlarmProps> {
  const alarms = sites.map((each): [string, AlarmProps] => [
    `${each.node.id}-failures`,
    {
      metric: ofSite(each, "5xxErrorRate"),
      above: 1,
      means:
        "More than 1 % of what browsers asked of the dashboard's files in 5 minutes was answered with a failure.",
      section: "failing-site",
    },
  ]);
  return Object.fromEntries(alarms);
}

function pipelineAlarms(
  stage: Stage,
  contract: Contract,
  watched: Watched,
): Record<string, AlarmProps> {
  const scorer = functionNamed(watched, "anomaly-scorer");
  return {
    "stream-age": {
      metric: ofFunction(scorer, "IteratorAge", Stats.MAXIMUM),
      above: 60_000,
      means: "A cost event has waited in the stream of the table for more than 60 seconds.",
      section: "stream-lag",
    },
    "no-events": {
      metric: ofPipeline(contract, stage, "Accepted", Stats.SUM, Duration.minutes(15)),
      below: 1,
      means:
        "No event of any account was accepted for 15 minutes: we are blind, or have no customers.",
      section: "no-events",
    },
    "alert-latency": {
      metric: ofPipeline(contract, stage, "AlertLatency", Stats.p(99)),
      above: 10,
      means: "One alert in a hundred took more than 10 seconds from being stored to Slack.",
      section: "slow-alerts",
    },
    "held-back": {
      metric: ofPipeline(contract, stage, "HeldBack", Stats.SUM, Duration.minutes(15)),
      above: 0,
      means: "A circuit breaker holds back alerts of an account: they wait for a person.",
      section: "held-back",
    },
    refusals: {
      metric: ofPipeline(contract, stage, "Refused"),
      above: MANY_REFUSALS,
      means: `More than ${MANY_REFUSALS} events were refused in 5 minutes: somebody sends what we cannot trust.`,
      section: "refusals",
    },
  };
}
