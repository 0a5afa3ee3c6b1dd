import { slackFailureOf, type SlackFailure } from "@/features/connect/slackWords";

/** The steps of the wizard, in order. */
export const STEPS = ["aws", "slack", "rehearsal"] as const;
/** One of them. */
export type Step = (typeof STEPS)[number];

/** Where somebody is in the wizard: all of it stands in the address. */
export interface Place {
  readonly step: Step;
  /** The setup that was begun. */
  readonly setup?: string | undefined;
  /** The account, once it is known. */
  readonly account?: string | undefined;
  /** An account whose stack is to be made anew. */
  readonly again?: string | undefined;
  /** Why Slack did not let us in. */
  readonly slackFailed?: SlackFailure | undefined;
}

/** What an address may hold, as the router gives it. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What is kept while somebody is at Slack, which gives nothing of it back. */
export type Kept = Pick<Place, "setup" | "account">;

/** The place that an address names; one that comes from Slack goes on with what was kept. */
export function placeOf(query: Query, kept: Kept): Place {
  const slack = one(query.slack);
  if (slack !== undefined) {
    const failed = slack === "connected" ? undefined : slackFailureOf(one(query.why));
    return { ...kept, ...named(query), step: "slack", slackFailed: failed };
  }
  const asked = one(query.step);
  const step = STEPS.find((each) => each === asked) ?? "aws";
  return { ...named(query), step };
}

/** The address of a place. */
export function addressOf({ step, setup, account, again, slackFailed }: Place): string {
  const query = new URLSearchParams({ step });
  if (setup) query.set("setup", setup);
  if (account) query.set("account", account);
  if (again) query.set("again", again);
  if (slackFailed) {
    query.set("slack", "failed");
    query.set("why", slackFailed);
  }
  return `/dashboard/connect?${query.toString()}`;
}

/** The step after one; `undefined` after the last. */
export function stepAfter(step: Step): Step | undefined {
  return STEPS[STEPS.indexOf(step) + 1];
}

function named(query: Query): Omit<Place, "step"> {
  const found = {
    setup: one(query.setup),
    account: accountNumber(one(query.account)),
    again: accountNumber(one(query.again)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function one(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === "" ? undefined : first;
}

function accountNumber(text: string | undefined): string | undefined {
  return text && /^\d{12}$/.test(text) ? text : undefined;
}
