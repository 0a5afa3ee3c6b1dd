// Calls a function at set times.

import { Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { nameIn, type Stage } from "../stages.ts";
import type { RustFunction } from "./rust-function.ts";

export interface FunctionScheduleProps {
  readonly stage: Stage;
  readonly calls: RustFunction;
  /** `cron(…)` in UTC, or `rate(…)`. */
  readonly at: string;
  readonly input?: object;
  /** How often a call that could not be made is tried again within an hour. */
  readonly retries?: number;
  /** Where a call goes that the scheduler could not make. */
  readonly failedCalls: IQueue;
}

export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const { stage, calls, failedCalls } = props;
    new CfnSchedule(this, "schedule", {
      name: nameIn(stage, id),
      scheduleExpression: props.at,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      state: stage.schedulesEnabled ? "ENABLED" : "DISABLED",
      target: {
        arn: calls.function.functionArn,
        roleArn: this.role(calls, failedCalls).roleArn,
        input: props.input && JSON.stringify(props.input),
        deadLetterConfig: { arn: failedCalls.queueArn },
        retryPolicy: {
          maximumRetryAttempts: props.retries ?? 3,
          maximumEventAgeInSeconds: 3600,
        },
      },
    });
  }

  private role(calls: RustFunction, failedCalls: IQueue): Role {
    const stack = Stack.of(this);
    const group = stack.formatArn({ service: "scheduler", resource: "schedule-group/default" });
    const role = new Role(this, "role", {
      // Only schedules of this account may take the role.
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": stack.account, "aws:SourceArn": group },
        },
      }),
    });
    const allow = (action: string, resource: string) =>
      role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
    allow("lambda:InvokeFunction", calls.function.functionArn);
    allow("sqs:SendMessage", failedCalls.queueArn);
    return role;
  }
}
