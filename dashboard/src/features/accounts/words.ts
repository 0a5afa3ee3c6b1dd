import { type components } from "@/api/schema";
import { count } from "@/format/words";
import { type Tone } from "@/ui/Badge";

type Schemas = components["schemas"];
/** An account. */
export type Account = Schemas["Account"];
/** What is sent of one. */
export type Governance = Schemas["Governance"];
/** What is usual of a service or of one of its types. */
export type Baseline = Schemas["Baseline"];
/** What needs no alert. */
export type Expectation = Schemas["Expectation"];

/** Days in which disconnecting can be taken back. */
export const DAYS_OF_GRACE = 2;

/** In a baseline's type: all of the service. */
export const ALL_TYPES = "_all";

const STATUS: Record<Account["status"], { word: string; tone: Tone }> = {
  active: { word: "Watched", tone: "good" },
  degraded: { word: "Needs a look", tone: "warning" },
  paused: { word: "Paused", tone: "warning" },
  disconnecting: { word: "Disconnecting", tone: "critical" },
};

/** How an account stands, in a word with its colour. */
export function statusOf({ status }: Account): { word: string; tone: Tone } {
  return STATUS[status];
}

/** What people call it, else its number. */
export function nameOf({ alias, accountId }: Pick<Account, "alias" | "accountId">): string {
  return alias || accountId;
}

/** What each of them is called, by its number; the number of one that is none of them. */
export function namesOf(
  accounts: readonly Pick<Account, "alias" | "accountId">[],
): (accountId: string) => string {
  const names = new Map(accounts.map((account) => [account.accountId, nameOf(account)]));
  return (accountId) => names.get(accountId) ?? accountId;
}

/** How much of the learning phase is left: `9 days left`, `Over`. */
export function learningWords({ baselineMaturity, daysLeftToLearn }: Account): string {
  if (baselineMaturity >= 100) return "Over";
  return `${count(daysLeftToLearn, "day")} left`;
}

/** What is told of it. */
export function modeWords(mode: Account["mode"]): string {
  return mode === "audit" ? "All that is unusual" : "Only what is dangerous";
}

/** `Nothing wrong`, `2 findings`. */
export function findingsWords({ findings }: Account): string {
  return findings === 0 ? "Nothing wrong" : count(findings, "finding");
}

/** How readily something alerts; none is as the account does. */
export type Sensitivity = NonNullable<Baseline["sensitivityOverride"]>;

/** What each means, in the order from quiet to loud. */
export const SENSITIVITIES: readonly { word: Sensitivity; text: string }[] = [
  { word: "low", text: "Low: only what is far out" },
  { word: "medium", text: "Medium: the default" },
  { word: "high", text: "High: also what is somewhat unusual" },
];

/** What an expectation covers: `m5.large in eu-west-1 by role/Deploy`. */
export function coveredWords({ actor, resourceType, region }: Expectation): string {
  const what = resourceType ?? "Anything";
  const where = region ? ` in ${region}` : "";
  const who = actor ? ` by ${actor}` : " by anybody";
  return `${what}${where}${who}`;
}
