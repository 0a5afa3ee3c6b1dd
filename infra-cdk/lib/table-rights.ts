// What each function may do with the table: actions, and partitions by their prefix.

export interface TableRight {
  readonly actions: readonly Action[];
  /** Patterns of partition keys. */
  readonly partitions?: readonly string[];
  /** The right is for the indexes, not for the table. They hold keys only. */
  readonly onIndexes?: true;
}

type Action =
  | "BatchGetItem"
  | "BatchWriteItem"
  | "ConditionCheckItem"
  | "DeleteItem"
  | "GetItem"
  | "PutItem"
  | "Query"
  | "UpdateItem";

const READ: readonly Action[] = ["GetItem", "Query"];
// A transaction needs the right to each action in it; TransactWriteItems is not one itself.
const RECORD: readonly Action[] = [
  "GetItem",
  "BatchGetItem",
  "Query",
  "PutItem",
  "UpdateItem",
  "ConditionCheckItem",
];
const FIND: TableRight = { actions: ["Query"], onIndexes: true };

export const TABLE_RIGHTS: Readonly<Record<string, readonly TableRight[]>> = {
  "event-router": [
    { actions: ["GetItem"], partitions: ["AWSACCOUNT#*"] },
    { actions: ["UpdateItem"], partitions: ["RATE#*"] },
  ],
  "event-processor": [
    { actions: RECORD, partitions: ["ACCOUNT#*"] },
    { actions: ["GetItem"], partitions: ["AWSACCOUNT#*"] },
  ],
  "anomaly-scorer": [
    { actions: RECORD, partitions: ["ACCOUNT#*", "BASELINE#*", "FLAG#*"] },
    { actions: READ, partitions: ["AWSACCOUNT#*", "POLICY", "TENANT#*"] },
  ],
  notifier: [
    { actions: [...READ, "UpdateItem"], partitions: ["ACCOUNT#*"] },
    { actions: READ, partitions: ["AWSACCOUNT#*", "BASELINE#*", "POLICY", "TENANT#*"] },
  ],
  "daily-digest": [
    {
      actions: READ,
      partitions: ["ACCOUNT#*", "AWSACCOUNT#*", "BASELINE#*", "POLICY", "TENANT#*"],
    },
    FIND,
  ],
  "account-lifecycle": [
    {
      actions: [...RECORD, "DeleteItem", "BatchWriteItem"],
      partitions: ["ACCOUNT#*", "AWSACCOUNT#*", "BASELINE#*", "CLAIM#*", "STATE#*", "TENANT#*"],
    },
    FIND,
  ],
};

/** Whether any of these rights changes an item. */
export function writes(rights: readonly TableRight[]): boolean {
  const reading: readonly Action[] = ["BatchGetItem", "ConditionCheckItem", "GetItem", "Query"];
  return rights.some((right) => right.actions.some((action) => !reading.includes(action)));
}
