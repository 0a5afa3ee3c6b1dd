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
  /** Timeout of the function that reads it, where it is not that of other readers. */
  readonly readerTimeout?: Duration;
  /** Somebody waits: a message that is a minute old rings. FIFO queues are prompt by themselves. */
  readonly prompt?: boolean;
}

export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly dlq: DeadLetterQueue;
  /** Full name, known without a deployment. */
  readonly fullName: string;
  readonly fifo: boolean;
  readonly prompt: boolean;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    super(scope, id);
    const { stage, fifo = false, receives = RECEIVES } = props;
    const readerTimeout = props.readerTimeout ?? stage.queueConsumerTimeout;
    this.fifo = fifo;
    this.prompt = props.prompt ?? fifo;
    this.fullName = nameIn(stage, fifo ? `${id}.fifo` : id);
    this.dlq = new DeadLetterQueue(this, `${id}-dlq`, { stage, fifo });
    this.queue = new Queue(this, "queue", {
      queueName: this.fullName,
      // AWS asks for six times the timeout of the function, so that a batch is not seen twice.
      visibilityTimeout: Duration.seconds(6 * readerTimeout.toSeconds()),
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
