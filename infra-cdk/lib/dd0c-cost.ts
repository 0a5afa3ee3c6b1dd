// The whole system: all stacks of one stage, in the order of an event's path.

import type { App } from "aws-cdk-lib";
import { AccountsStack } from "./accounts-stack.ts";
import { type Contract, readContract } from "./contract.ts";
import { DataStack } from "./data-stack.ts";
import { DetectionStack } from "./detection-stack.ts";
import { IngestStack } from "./ingest-stack.ts";
import { NotifyStack } from "./notify-stack.ts";
import { ObservabilityStack } from "./observability-stack.ts";
import { SlackStack } from "./slack-stack.ts";
import { stageFrom } from "./stages.ts";

export function buildStacks(app: App, contract: Contract = readContract()) {
  const stage = stageFrom(app.node);
  const data = new DataStack(app, { stage, contract });
  const surroundings = { stage, contract, data };
  const ingest = new IngestStack(app, surroundings);
  const detection = new DetectionStack(app, surroundings);
  const { alerts } = detection;
  const notify = new NotifyStack(app, { ...surroundings, alerts });
  const slack = new SlackStack(app, { ...surroundings, alerts });
  const { publicUrl } = slack;
  const accounts = new AccountsStack(app, { ...surroundings, alerts, publicUrl });
  const observability = new ObservabilityStack(app, { stage, contract });
  return { data, ingest, detection, notify, slack, accounts, observability };
}
