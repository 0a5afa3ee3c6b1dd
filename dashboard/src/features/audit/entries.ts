import { type components } from "@/api/schema";
import { day } from "@/format/time";
import { plain, sentence } from "@/format/words";

/** A change that somebody asked for. */
export type Entry = components["schemas"]["AuditView"];

/** Changes of one day. */
export interface Day {
  /** `1 Jun 2026` in the reader's own time zone. */
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** Changes by their days, in the order in which they came. */
export function byDay(entries: readonly Entry[]): Day[] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = day(entry.at);
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  return [...days].map(([name, members]) => ({ name, entries: members }));
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** `03:03` in the reader's own time zone: the day stands above. */
export function timeOf({ at }: Entry): string {
  return clock.format(new Date(at));
}

/** Who asked for a change. */
export interface Who {
  /** As people call him. */
  readonly name: string;
  /** One of yours, one of ours, or nobody: a rule. */
  readonly is: "person" | "operator" | "rules";
}

/** Who it was, from the words of the API. */
export function whoOf(who: string): Who {
  if (who === "the rules") return { name: "By a rule", is: "rules" };
  if (who.startsWith("operator ")) return { name: who.slice("operator ".length), is: "operator" };
  return { name: personName(who), is: "person" };
}

/** `by setup 01J…`, `of Slack`: where no person has a name the words begin a line. */
function personName(name: string): string {
  if (name === "of Slack") return "Somebody in Slack";
  return /^(by|key) /.test(name) ? sentence(name) : name;
}

const NAMES: Readonly<Record<string, string>> = {
  "api key": "API key",
  tier: "Plan",
  panic: "Alerting",
  promote: "Learning phase",
  slack: "Slack",
  "sign up": "Sign-up",
};

/** What was changed, as a title. */
export function whatOf(what: string): string {
  return NAMES[what] ?? sentence(plain(what));
}
