// Measurements of functions, queues, doors, topics, sites and the pipeline itself, by what they
// measure.

import { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { HttpDoor } from "./constructs/http-door.ts";
import type { RustFunction } from "./constructs/rust-function.ts";
import type { StaticSite } from "./constructs/static-site.ts";
import { type Contract, metricName } from "./contract.ts";
import type { Stage } from "./stages.ts";

const PERIOD = Duration.minutes(5);

type FunctionMeasure = "Duration" | "Errors" | "Invocations" | "IteratorAge" | "Throttles";
type DoorMeasure = "4xx" | "5xx" | "Count" | "Latency";
type SiteMeasure = "4xxErrorRate" | "5xxErrorRate" | "Requests";
type QueueMeasure =
  "ApproximateAgeOfOldestMessage" | "ApproximateNumberOfMessagesVisible" | "NumberOfMessagesSent";

export function ofFunction(
  measured: RustFunction,
  metric: FunctionMeasure,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: "AWS/Lambda",
    metricName: metric,
    dimensionsMap: { FunctionName: measured.fullName },
    statistic,
    period: PERIOD,
  });
}

export function ofQueue(
  measured: { readonly fullName: string },
  metric: QueueMeasure,
  statistic: string = Stats.MAXIMUM,
): Metric {
  return new Metric({
    namespace: "AWS/SQS",
    metricName: metric,
    dimensionsMap: { QueueName: measured.fullName },
    statistic,
    period: PERIOD,
  });
}

export function ofDoor(
  { apiId }: HttpDoor,
  metric: DoorMeasure,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: "AWS/ApiGateway",
    metricName: metric,
    dimensionsMap: { ApiId: apiId },
    statistic,
    period: PERIOD,
  });
}

export function ofTopic(
  measured: { readonly fullName: string },
  metric: "NumberOfNotificationsFailed",
): Metric {
  return new Metric({
    namespace: "AWS/SNS",
    metricName: metric,
    dimensionsMap: { TopicName: measured.fullName },
    statistic: Stats.SUM,
    period: PERIOD,
  });
}

/** CloudFront counts for the whole world in one place, and errors as percentages. */
export function ofSite(
  { front }: StaticSite,
  metric: SiteMeasure,
  statistic: string = Stats.AVERAGE,
): Metric {
  return new Metric({
    namespace: "AWS/CloudFront",
    metricName: metric,
    dimensionsMap: { DistributionId: front.distribution.distributionId, Region: "Global" },
    statistic,
    period: PERIOD,
  });
}

/** What the functions count themselves; the contract lists the names. */
export function ofPipeline(
  contract: Contract,
  stage: Stage,
  metric: string,
  statistic: string = Stats.SUM,
  period: Duration = PERIOD,
): Metric {
  return new Metric({
    namespace: contract.metrics.namespace,
    metricName: metricName(contract, metric),
    dimensionsMap: { Stage: stage.name },
    statistic,
    period,
  });
}
