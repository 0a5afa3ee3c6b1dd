// A queue that a function reads, with the queue for what fails too often.

import { Duration } from "aws-cdk-lib";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { nameIn, type Stage } from "../stages.ts";
import { DeadLetterQueue } from "./dead-letter-queue.ts";

/** Throttled calls of a function count as receives, so that three would be too few. */
const RECEIVES = 5;

export interface QueueWithDlqProps {
  readonly stage: Stage;
  readonly fifo?: boolean;
  /** How often a message is received before it counts as dead. */
  readonly receives?: number;
}

export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly dlq: DeadLetterQueue;
  /** Full name, known without a deployment. */
  readonly fullName: string;
  readonly fifo: boolean;

  constructor(
    scope: Construct,
    id: string,
    { stage, fifo = false, receives = RECEIVES }: QueueWithDlqProps,
  ) {
    super(scope, id);
    this.fifo = fifo;
    this.fullName = nameIn(stage, fifo ? `${id}.fifo` : id);
    this.dlq = new DeadLetterQueue(this, `${id}-dlq`, { stage, fifo });
    this.queue = new Queue(this, "queue", {
      queueName: this.fullName,
      // AWS asks for six times the timeout of the function, so that a batch is not seen twice.
      visibilityTimeout: Duration.seconds(6 * stage.queueConsumerTimeout.toSeconds()),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.dlq, maxReceiveCount: receives },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(fifo ? HIGH_THROUGHPUT : {}),
    });
  }
}

/** Limits and deduplication are per message group. The sender gives the deduplication id. */
const HIGH_THROUGHPUT = {
  fifo: true,
  contentBasedDeduplication: false,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};
