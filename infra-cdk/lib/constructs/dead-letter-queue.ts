// Where messages end that failed too often. Every one of them gets an alarm.

import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { nameIn, type Stage } from "../stages.ts";

export interface DeadLetterQueueProps {
  readonly stage: Stage;
  /** The dead-letter queue of a FIFO queue must be FIFO; that of anything else must not be. */
  readonly fifo?: boolean;
}

export class DeadLetterQueue extends Queue {
  /** Full name, known without a deployment. */
  readonly fullName: string;

  constructor(scope: Construct, id: string, { stage, fifo }: DeadLetterQueueProps) {
    const fullName = nameIn(stage, fifo ? `${id}.fifo` : id);
    super(scope, id, {
      queueName: fullName,
      fifo: fifo || undefined,
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.fullName = fullName;
    acknowledge(this, "AwsSolutions-SQS3", "This is a dead-letter queue; nothing comes after it.");
  }
}
