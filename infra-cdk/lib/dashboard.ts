// The path of an event from left to right, below it that of a question and of what is due, then that
// of what the dashboard asks and of money: above how much, below what is wrong.

import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Column,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { HttpDoor } from "./constructs/http-door.ts";
import type { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import type { RustFunction } from "./constructs/rust-function.ts";
import type { StaticSite } from "./constructs/static-site.ts";
import type { Contract } from "./contract.ts";
import { ofDoor, ofFunction, ofPipeline, ofQueue, ofSite } from "./metrics.ts";
import { nameIn, type Stage } from "./stages.ts";
import { doorNamed, functionNamed, queueNamed, type Watched } from "./watched.ts";

/** What becomes of events, and of the accounts that send them. */
const OF_EVENTS = [
  "Accepted",
  "Proofs",
  "CostEvents",
  "Duplicates",
  "Skipped",
  "HeldBack",
  "Told",
  "Worked",
];
/** CloudWatch divides the page into 24 columns; each row has eight stops. */
const WIDTH = 3;

export function addDashboard(
  scope: Construct,
  { stage, contract }: { stage: Stage; contract: Contract },
  watched: Watched,
  alarms: IAlarm[],
): void {
  const pipeline = (name: string, statistic?: string) =>
    ofPipeline(contract, stage, name, statistic);
  const scorer = functionNamed(watched, "anomaly-scorer");
  const path: IWidget[] = [
    stop("bus", pipeline("Accepted"), [pipeline("Refused"), pipeline("Rejected")], []),
    functionStop(functionNamed(watched, "event-router")),
    queueStop(queueNamed(watched, "event-ingestion")),
    functionStop(functionNamed(watched, "event-processor")),
    functionStop(scorer, ofFunction(scorer, "IteratorAge", Stats.MAXIMUM)),
    queueStop(queueNamed(watched, "alert-queue")),
    functionStop(functionNamed(watched, "notifier")),
    stop(
      "people",
      pipeline("AlertLatency", Stats.SAMPLE_COUNT),
      [],
      [pipeline("AlertLatency", Stats.p(50)), pipeline("AlertLatency", Stats.p(99))],
    ),
  ];
  const beside: IWidget[] = [
    functionStop(functionNamed(watched, "slack-app")),
    queueStop(queueNamed(watched, "question-queue")),
    functionStop(functionNamed(watched, "slack-worker")),
    functionStop(functionNamed(watched, "clock")),
    queueStop(queueNamed(watched, "digest-queue")),
    functionStop(functionNamed(watched, "daily-digest")),
    functionStop(functionNamed(watched, "account-lifecycle")),
    stop("told", pipeline("Told"), [pipeline("Undelivered")], []),
  ];
  const tenants: IWidget[] = [
    doorStop(doorNamed(watched, "api-door")),
    functionStop(functionNamed(watched, "api")),
    queueStop(queueNamed(watched, "account-queue")),
    functionStop(functionNamed(watched, "account-worker")),
    functionStop(functionNamed(watched, "stripe-webhook")),
    queueStop(queueNamed(watched, "billing-queue")),
    // A tenant who pays twice is no error of the function, and somebody has to look.
    functionStop(functionNamed(watched, "billing-worker"), undefined, [
      pipeline("SecondSubscriptions"),
    ]),
    functionStop(functionNamed(watched, "github-oidc")),
  ];
  new Dashboard(scope, "dashboard", {
    dashboardName: nameIn(stage, "path"),
    defaultInterval: Duration.hours(3),
    widgets: [
      path,
      beside,
      tenants,
      [
        queueStop(queueNamed(watched, "background-queue")),
        ...watched.sites.map(siteStop),
        new GraphWidget({
          title: "what became of events",
          left: OF_EVENTS.map((name) => pipeline(name)),
          width: (3 - watched.sites.length) * WIDTH,
          height: 12,
        }),
        new AlarmStatusWidget({ title: "alarms", alarms, width: 24 - 4 * WIDTH, height: 12 }),
      ],
    ],
  });
}

/** Above how much; below what is wrong, with the delay on the right axis. */
function stop(title: string, amount: IMetric, trouble: IMetric[], delay: IMetric[]): Column {
  const size = { width: WIDTH, height: 6 };
  return new Column(
    new GraphWidget({ title, left: [amount], ...size }),
    new GraphWidget({ title: `${title}: trouble`, left: trouble, right: delay, ...size }),
  );
}

function functionStop(
  of: RustFunction,
  delay = ofFunction(of, "Duration", Stats.p(99)),
  more: IMetric[] = [],
): Column {
  const trouble = [ofFunction(of, "Errors"), ofFunction(of, "Throttles"), ...more];
  return stop(of.name, ofFunction(of, "Invocations"), trouble, [delay]);
}

function doorStop(of: HttpDoor): Column {
  const trouble = [ofDoor(of, "5xx"), ofDoor(of, "4xx")];
  return stop(of.name, ofDoor(of, "Count"), trouble, [ofDoor(of, "Latency", Stats.p(99))]);
}

function siteStop(of: StaticSite): Column {
  const trouble = [ofSite(of, "5xxErrorRate"), ofSite(of, "4xxErrorRate")];
  return stop("dashboard", ofSite(of, "Requests", Stats.SUM), trouble, []);
}

function queueStop(of: QueueWithDlq): Column {
  return stop(
    of.node.id,
    ofQueue(of, "NumberOfMessagesSent", Stats.SUM),
    [ofQueue(of.dlq, "ApproximateNumberOfMessagesVisible")],
    [ofQueue(of, "ApproximateAgeOfOldestMessage")],
  );
}
