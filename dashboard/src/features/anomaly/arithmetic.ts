import { type components } from "@/api/schema";
import { plain, sentence } from "@/format/words";

/** One event of an anomaly, as the API sends it. */
export type AnomalyEvent = components["schemas"]["EventView"];

/** One reason for a score. */
export type Term = components["schemas"]["TermView"];

/** What is left of the highest if part of it was expected. */
export const PARTLY = 0.5;
/** What is rarer is not told apart. */
export const MOST_WEEKS = 10_000;

/** What a channel is called, and what it lays beside what. */
const CHANNELS: Record<string, readonly [name: string, compares: string]> = {
  rate: ["Cost of this launch", "its $/h with what is usual for this actor and type"],
  burst_dollars: ["Dollars within hours", "$/h started within 1 h and 6 h with the actor's days"],
  launch_rate: ["Number of launches", "resources started within 1 h and 6 h with the actor's days"],
  novelty: ["Never seen here", "region, actor and type with the account's events so far"],
  burn_ramp: ["Slow rise", "$/h started within 4 days with days at least 5 days back"],
  open_burn: ["All that runs", "$/h of all that the actor has running with its days"],
  learned: ["Learned pattern", "all of these together, by a small model"],
};

/** What a channel is called. */
export function nameOfChannel(name: string): string {
  return CHANNELS[name]?.[0] ?? sentence(plain(name));
}

/** What a channel compares; nothing of one that came later. */
export function comparesOf(name: string): string | undefined {
  return CHANNELS[name]?.[1];
}

/** Digits in groups of three, all of them kept: `10000000000.5` as `10,000,000,000.5`. */
export function grouped(digits: string): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(digits) ?? [];
  if (whole === "") return digits;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest;
}

/** The highest first; the order of channels is kept among equals. */
export function highestFirst(terms: readonly Term[]): Term[] {
  return terms.toSorted((a, b) => Number(b.points) - Number(a.points));
}

/** The arithmetic of one term: `34.2 × 0.7 = 23.94 points`. */
export function arithmetic({ value, weight, points }: Term): string {
  return `${grouped(value)} × ${grouped(weight)} = ${grouped(points)} points`;
}

/** What one term says, and what becomes of it. */
export function meaning({ value, weight }: Term): string {
  const rare =
    Number(value) > 0
      ? `By chance this comes once in ${weeks(value)} of one account.`
      : "It finds nothing unusual.";
  // The breaker of a channel that alerts too much takes its weight away.
  if (Number(weight) === 0) return `${rare} It does not count: it has alerted too often of late.`;
  return rare;
}

/** How the score comes from its terms, and what it is held against. */
export function verdict({ terms, score, threshold, basis }: AnomalyEvent): string {
  const [highest] = highestFirst(terms);
  if (!highest) return notScored(basis);
  const name = nameOfChannel(highest.name);
  const half = isHalf(score, highest.points);
  const made = half
    ? `The highest counts: “${name}” with ${grouped(highest.points)}. Part of it was expected, so half of that is the score: ${grouped(score)}.`
    : `The highest counts: “${name}” makes the score ${grouped(score)}.`;
  const reached = Number(score) >= Number(threshold);
  const against = `It alerts from ${grouped(threshold)} on`;
  if (basis === "safety_net") {
    return `${made} ${against}${reached ? ", and it reaches that" : ""}; here the safety net called for the alert, whatever the score says.`;
  }
  return reached ? `${made} ${against}.` : `${made} ${against}, which it does not reach.`;
}

/** Whether the score is what is left of the highest term once part of it was expected. */
export function isHalf(score: string, highest: string): boolean {
  const [has, had] = [Number(score), Number(highest)];
  return had > 0 && has < had && Math.abs(has - had * PARTLY) < 0.000_002;
}

/** What called for the alert. */
export function calledFor(basis: string): string {
  return basis === "safety_net"
    ? "The safety net called for this alert, whatever the score says"
    : "The score called for this alert";
}

/** The event whose arithmetic is shown first: the highest score. */
export function decisive(events: readonly AnomalyEvent[]): AnomalyEvent | undefined {
  return events.toSorted((a, b) => Number(b.score) - Number(a.score))[0];
}

/** Lengths of bars, from 0 to 1, and where the threshold stands among them. */
export interface Lengths {
  readonly of: (points: string) => number;
  readonly threshold: number;
}

/**
 * By the logarithm: points go from a fraction to many thousands, and the threshold would not be
 * seen among them otherwise.
 */
export function lengths({ terms, threshold }: AnomalyEvent): Lengths {
  const most = Math.max(...terms.map((term) => Number(term.points)), 2 * Number(threshold), 1);
  const of = (points: string) => {
    const number = Number(points);
    return number > 0 ? Math.min(1, Math.log1p(number) / Math.log1p(most)) : 0;
  };
  return { of, threshold: of(threshold) };
}

/** Weeks as people say them: the exact figure stands in the arithmetic. */
function weeks(value: string): string {
  const number = Number(value);
  if (number >= MOST_WEEKS) return `${grouped(String(MOST_WEEKS))} weeks or more`;
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : 2;
  const shown = number.toLocaleString("en-US", { maximumFractionDigits: digits });
  return shown === "1" ? "1 week" : `${shown} weeks`;
}

function notScored(basis: string): string {
  return basis === "safety_net"
    ? "No score was taken: the safety net called for the alert."
    : "The terms of this score are no longer kept.";
}
