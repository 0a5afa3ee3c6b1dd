// What tells the operators how the pipeline is: alarms, their topic, and a dashboard.

import { CfnOutput } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { addAlarms } from "./alarms.ts";
import { OpsTopic } from "./constructs/ops-topic.ts";
import type { Contract } from "./contract.ts";
import { addDashboard } from "./dashboard.ts";
import { StageStack } from "./stage-stack.ts";
import type { Stage } from "./stages.ts";
import { watchedBelow } from "./watched.ts";

export interface ObservabilityStackProps {
  readonly stage: Stage;
  readonly contract: Contract;
}

/** Must be built last: it watches all functions and queues that are there. */
export class ObservabilityStack extends StageStack {
  constructor(scope: Construct, { stage, contract }: ObservabilityStackProps) {
    super(scope, "observability", stage);
    const watched = watchedBelow(scope);
    const { topic } = new OpsTopic(this, "ops-alerts", stage);
    const alarms = addAlarms(this, { stage, contract, topic }, watched);
    addDashboard(this, { stage, contract }, watched, alarms);
    new CfnOutput(this, "OpsTopicArn", { value: topic.topicArn });
  }
}
