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
  | "DeleteItem"
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

/** To do once what may be asked for twice. */
const CLAIM: TableRight = { actions: ["GetItem", "UpdateItem"], partitions: ["CLAIM#*"] };

/** A tenant's settings and workspace, and that nothing can be posted there any more. */
const TENANT_LINE: TableRight = {
  actions: ["GetItem", "Query", "UpdateItem"],
  partitions: ["TENANT#*"],
};

export const TABLE_RIGHTS: Readonly<Record<string, readonly TableRight[]>> = {
  "event-router": [
    { actions: ["GetItem"], partitions: ["AWSACCOUNT#*"] },
    { actions: ["UpdateItem"], partitions: ["RATE#*"] },
    // That events flow.
    { actions: ["PutItem"], partitions: ["ACCOUNT#*"] },
  ],
  "event-processor": [{ actions: [...OWN, "ConditionCheckItem"], partitions: ["ACCOUNT#*"] }],
  "anomaly-scorer": [{ actions: OWN, partitions: ["ACCOUNT#*", "BASELINE#*"] }, GOVERNANCE],
  notifier: [
    // What is told once of an account's health and of its rehearsal.
    CLAIM,
    // It puts when to look at an anomaly again.
    { actions: ["GetItem", "PutItem", "UpdateItem"], partitions: ["ACCOUNT#*"] },
    { actions: ["GetItem"], partitions: ["AWSACCOUNT#*"] },
    TENANT_LINE,
  ],
  clock: [
    FIND,
    // What cannot be read is put aside by an update.
    { actions: ["DeleteItem", "UpdateItem"], partitions: ["ACCOUNT#*"] },
    // By the tenant's time zone it puts when his next digest is due.
    { actions: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"], partitions: ["TENANT#*"] },
  ],
  "daily-digest": [
    CLAIM,
    { actions: ["GetItem", "BatchGetItem", "Query"], partitions: ["ACCOUNT#*"] },
    { actions: ["GetItem"], partitions: ["BASELINE#*"] },
    TENANT_LINE,
    FIND,
  ],
  "slack-app": [
    { actions: ["GetItem", "DeleteItem"], partitions: ["STATE#*"] },
    { actions: ["PutItem", "DeleteItem"], partitions: ["SLACKTEAM#*"] },
    { actions: ["Query", "PutItem", "DeleteItem"], partitions: ["TENANT#*"] },
    // What waited to be told until somebody let us in.
    { actions: ["GetItem", "BatchGetItem", "Query"], partitions: ["ACCOUNT#*"] },
    FIND,
  ],
  "slack-worker": [
    CLAIM,
    { actions: ["GetItem", "DeleteItem"], partitions: ["SLACKTEAM#*"] },
    { actions: ["GetItem", "Query", "PutItem", "DeleteItem"], partitions: ["TENANT#*"] },
    { actions: ["GetItem"], partitions: ["AWSACCOUNT#*", "POLICY"] },
    { actions: ["GetItem", "BatchGetItem", "Query", "UpdateItem"], partitions: ["ACCOUNT#*"] },
    // An answer may put an expectation.
    { actions: OWN, partitions: ["BASELINE#*"] },
    FIND,
  ],
  "account-lifecycle": [
    // To purge; to release and answer what was alerted, and to read by that when to leave strict mode;
    // to look again at what comes back.
    {
      actions: [...OWN, "BatchWriteItem"],
      partitions: ["ACCOUNT#*"],
    },
    // An answer may put an expectation.
    { actions: [...OWN, "BatchWriteItem"], partitions: ["BASELINE#*"] },
    {
      actions: ["GetItem", "Query", "PutItem", "DeleteItem"],
      partitions: ["AWSACCOUNT#*", "TENANT#*"],
    },
    // An account is disconnected with its tenant as long as that leaves.
    { actions: ["ConditionCheckItem"], partitions: ["TENANT#*"] },
    // A tenant takes along what points to him.
    {
      actions: ["DeleteItem"],
      partitions: ["APIKEY#*", "SLACKTEAM#*", "STATE#*", "STRIPECUSTOMER#*", "SUB#*"],
    },
    // An account takes its setups, their handshakes and claims under its number along, in one batch:
    // one right has to be enough for it.
    {
      actions: ["BatchWriteItem"],
      partitions: ["AWSACCOUNT#*", "CLAIM#*", "STATE#*", "TENANT#*"],
    },
    { actions: ["GetItem", "PutItem"], partitions: ["POLICY"] },
    // An invitation.
    { actions: ["PutItem"], partitions: ["STATE#*"] },
    FIND,
  ],
  api: [
    {
      actions: ["GetItem", "BatchGetItem", "Query"],
      partitions: [
        "ACCOUNT#*",
        "APIKEY#*",
        "AWSACCOUNT#*",
        "BASELINE#*",
        "IDEMPOTENCY#*",
        "POLICY",
        "RATE#*",
        "SUB#*",
        "TENANT#*",
      ],
    },
    // Settings, members, setups, audit, keys, what is paid; and what has to be there once.
    {
      actions: ["PutItem", "UpdateItem", "DeleteItem"],
      partitions: ["APIKEY#*", "IDEMPOTENCY#*", "SUB#*", "TENANT#*"],
    },
    // An account is disconnected with its tenant as long as that leaves.
    { actions: ["ConditionCheckItem"], partitions: ["TENANT#*"] },
    // How much somebody asks, and what he says of an alert.
    { actions: ["UpdateItem"], partitions: ["ACCOUNT#*", "RATE#*"] },
    // How an account stands, and when to look at it again.
    { actions: ["PutItem"], partitions: ["ACCOUNT#*", "AWSACCOUNT#*"] },
    // Sensitivity and expectations.
    { actions: ["PutItem", "UpdateItem", "DeleteItem"], partitions: ["BASELINE#*"] },
    // An invitation and the handshake of a stack; who a tenant is to Stripe, when he first pays.
    { actions: ["PutItem"], partitions: ["STATE#*", "STRIPECUSTOMER#*"] },
    FIND,
  ],
  "account-worker": [
    CLAIM,
    // A rehearsal stores and scores, as event-processor and anomaly-scorer do.
    // Zombies that are gone are deleted.
    {
      actions: [...OWN, "BatchWriteItem", "ConditionCheckItem"],
      partitions: ["ACCOUNT#*", "BASELINE#*"],
    },
    { actions: OWN, partitions: ["AWSACCOUNT#*", "TENANT#*"] },
    { actions: ["GetItem"], partitions: ["POLICY"] },
    // The handshake of a stack, which says by which request it was taken; put anew for the next one.
    { actions: ["GetItem", "PutItem", "UpdateItem"], partitions: ["STATE#*"] },
    // How many call back who are nobody of ours.
    { actions: ["UpdateItem"], partitions: ["RATE#*"] },
    FIND,
  ],
  "github-oidc": [{ actions: ["GetItem", "PutItem", "DeleteItem"], partitions: ["STATE#*"] }],
  // It checks a signature and hands over.
  "stripe-webhook": [],
  "billing-worker": [
    CLAIM,
    {
      actions: ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
      partitions: ["TENANT#*"],
    },
    { actions: ["GetItem", "PutItem", "UpdateItem"], partitions: ["STRIPECUSTOMER#*"] },
    // To pause accounts beyond those that are paid for; one that is resumed is to be looked at.
    { actions: ["GetItem", "PutItem", "UpdateItem"], partitions: ["AWSACCOUNT#*"] },
    { actions: ["PutItem"], partitions: ["ACCOUNT#*"] },
  ],
};

/** Whether any of these rights changes an item. */
export function writes(rights: readonly TableRight[]): boolean {
  const writing: readonly Action[] = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"];
  return rights.some((right) => right.actions.some((action) => writing.includes(action)));
}
