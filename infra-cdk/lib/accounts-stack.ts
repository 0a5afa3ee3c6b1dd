// What happens to connected accounts over time.

import { CfnOutput, Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { FunctionSchedule } from "./constructs/function-schedule.ts";
import type { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { StageStack } from "./stage-stack.ts";

/** Tasks of account-lifecycle, and when they run, UTC. */
const TASKS = { promote: "cron(5 8 * * ? *)", purge: "cron(35 * * * ? *)" };

export interface AccountsStackProps extends Surroundings {
  readonly alerts: QueueWithDlq;
  /** Where an invitation to install us leads. */
  readonly publicUrl: string;
}

export class AccountsStack extends StageStack {
  constructor(scope: Construct, { alerts, ...props }: AccountsStackProps) {
    super(scope, "accounts", props.stage);
    const { stage } = props;
    const dlq = new DeadLetterQueue(this, "account-lifecycle-dlq", { stage });
    const lifecycle = new RustFunction(this, "account-lifecycle", {
      ...props,
      description: "Promotes, releases and purges what belongs to connected accounts",
      memoryMb: 256,
      timeout: Duration.minutes(5),
      reservedConcurrency: 2,
      // Keys of tenants' webhooks.
      tenantSecrets: "Encrypt",
      // What a circuit breaker held back and somebody releases.
      sendsTo: { ALERT_QUEUE_URL: alerts.queue },
      failedEvents: dlq,
    });
    for (const [task, at] of Object.entries(TASKS)) {
      new FunctionSchedule(this, task, {
        stage,
        calls: lifecycle,
        at,
        input: { task },
        failedCalls: dlq,
      });
    }
    new CfnOutput(this, "LifecycleDlqUrl", { value: dlq.queueUrl });
  }
}
