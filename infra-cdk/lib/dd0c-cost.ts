// The whole system: all stacks of one stage, each after those that it needs.

import type { App } from "aws-cdk-lib";
import { AccountsStack } from "./accounts-stack.ts";
import { ApiStack } from "./api-stack.ts";
import { type Contract, readContract } from "./contract.ts";
import { DataStack } from "./data-stack.ts";
import { DetectionStack } from "./detection-stack.ts";
import { IdentityStack } from "./identity-stack.ts";
import { IngestStack } from "./ingest-stack.ts";
import { NotifyStack } from "./notify-stack.ts";
import { ObservabilityStack } from "./observability-stack.ts";
import { SiteStack } from "./site-stack.ts";
import { SlackStack } from "./slack-stack.ts";
import { stageFrom } from "./stages.ts";

export function buildStacks(app: App, contract: Contract = readContract()) {
  const stage = stageFrom(app.node);
  const data = new DataStack(app, { stage, contract });
  const surroundings = { stage, contract, data };
  const ingest = new IngestStack(app, surroundings);
  const { bus } = ingest;
  const detection = new DetectionStack(app, surroundings);
  const { alerts } = detection;
  const slack = new SlackStack(app, { ...surroundings, alerts });
  const { publicUrl } = slack;
  const identity = new IdentityStack(app, surroundings);
  const accounts = new AccountsStack(app, { ...surroundings, alerts, bus, publicUrl });
  const api = new ApiStack(app, { ...surroundings, alerts, bus, publicUrl, accounts, identity });
  // The clock hands over to all queues.
  const notify = new NotifyStack(app, {
    ...surroundings,
    alerts,
    accounts: accounts.accounts,
    billing: api.billing,
  });
  const site = stage.hasSite && new SiteStack(app, { stage, data, identity, api });
  const observability = new ObservabilityStack(app, { stage, contract });
  const always = { data, ingest, detection, slack, identity, accounts, api, notify, observability };
  return site ? { ...always, site } : always;
}
