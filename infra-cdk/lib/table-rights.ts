// What each function may do with the table: actions, and partitions by their prefix. It follows
// what shared/store asks of DynamoDB; a function that asks for more gets AccessDenied.

export interface TableRight {
  readonly actions: readonly Action[];
  /** Patterns of partition keys. */
  readonly partitions?: readonly string[];
  /** The right is for the indexes, not for the table. They hold keys only. */
  readonly onIndexes?: true;
}

/** A transaction needs the right to each action in it; TransactWriteItems is not one itself. */
type Action =
  | "BatchGetItem"
  | "BatchWriteItem"
  | "ConditionCheckItem"
  | "GetItem"
  | "PutItem"
  | "Query"
  | "UpdateItem";

const OWN: readonly Action[] = ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"];

/** Under which policy an account's events are judged: its owner, its connection, the switch. */
const GOVERNANCE: TableRight = {
  actions: ["GetItem"],
  partitions: ["AWSACCOUNT#*", "POLICY", "TENANT#*"],
};

const FIND: TableRight = { actions: ["Query"], onIndexes: true };

export const TABLE_RIGHTS: Readonly<Record<string, readonly TableRight[]>> = {
  "event-router": [
    { actions: ["GetItem"], partitions: ["AWSACCOUNT#*"] },
    { actions: ["UpdateItem"], partitions: ["RATE#*"] },
  ],
  "event-processor": [{ actions: [...OWN, "ConditionCheckItem"], partitions: ["ACCOUNT#*"] }],
  "anomaly-scorer": [{ actions: OWN, partitions: ["ACCOUNT#*", "BASELINE#*"] }, GOVERNANCE],
  notifier: [
    { actions: ["GetItem", "Query", "UpdateItem"], partitions: ["ACCOUNT#*"] },
    GOVERNANCE,
  ],
  "daily-digest": [
    { actions: ["GetItem", "BatchGetItem", "Query"], partitions: ["ACCOUNT#*"] },
    GOVERNANCE,
    FIND,
  ],
  "account-lifecycle": [
    // To purge; to release and answer what was alerted, and to read by that when to leave strict mode.
    {
      actions: ["GetItem", "BatchGetItem", "Query", "UpdateItem", "BatchWriteItem"],
      partitions: ["ACCOUNT#*"],
    },
    // An answer may put an expectation.
    { actions: [...OWN, "BatchWriteItem"], partitions: ["BASELINE#*"] },
    {
      actions: ["GetItem", "PutItem", "BatchWriteItem"],
      partitions: ["AWSACCOUNT#*", "TENANT#*"],
    },
    { actions: ["GetItem", "PutItem"], partitions: ["POLICY"] },
    FIND,
  ],
};

/** Whether any of these rights changes an item. */
export function writes(rights: readonly TableRight[]): boolean {
  const writing: readonly Action[] = ["BatchWriteItem", "PutItem", "UpdateItem"];
  return rights.some((right) => right.actions.some((action) => writing.includes(action)));
}
