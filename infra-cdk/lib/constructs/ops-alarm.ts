// An alarm that says what it means and where to read what to do.

import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { nameIn, type Stage } from "../stages.ts";

export interface OpsAlarmProps {
  readonly stage: Stage;
  readonly topic: ITopic;
  readonly metric: IMetric;
  /** The alarm rings above this value. */
  readonly above?: number;
  /** The alarm rings below this value, and when there is no value at all. */
  readonly below?: number;
  /** What has happened when it rings, in a sentence. */
  readonly means: string;
  /** Section of docs/OPERATING.md. */
  readonly section: string;
}

export class OpsAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: OpsAlarmProps) {
    const { stage, topic, metric, above, below, means, section } = props;
    const ringsBelow = below !== undefined;
    super(scope, id, {
      alarmName: nameIn(stage, id),
      alarmDescription: `${means} What to do: docs/OPERATING.md#${section}`,
      metric,
      threshold: below ?? above ?? 0,
      comparisonOperator: ringsBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: ringsBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}
