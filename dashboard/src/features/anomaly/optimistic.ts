import { type components } from "@/api/schema";

/** All that is known of an anomaly. */
export type Detail = components["schemas"]["AnomalyDetail"];

/** What somebody may do about an anomaly. */
export type Action =
  | { readonly kind: "expected"; readonly days: number }
  | { readonly kind: "not_expected" }
  | { readonly kind: "snooze"; readonly minutes: number };

/** Whom and when: what the API will say of it. */
interface Asker {
  readonly by: string;
  /** In milliseconds. */
  readonly now: number;
}

/** The anomaly as it will be once the API has done it: shown while that is under way. */
export function after(anomaly: Detail, action: Action, { by, now }: Asker): Detail {
  const at = new Date(now).toISOString();
  const isOver = anomaly.status === "resolved";
  if (action.kind === "snooze") {
    const snoozedUntil = new Date(now + action.minutes * 60_000).toISOString();
    // What was expected stays so; it is silent anyway.
    const status = anomaly.status === "open" ? "snoozed" : anomaly.status;
    return { ...anomaly, snoozedUntil, snoozedBy: by, snoozedAt: at, status };
  }
  const answer = { answer: action.kind, by, at };
  if (isOver) return { ...anomaly, answer };
  if (action.kind === "expected") return { ...anomaly, answer, status: "expected" };
  return { ...anomaly, answer, status: anomaly.snoozedUntil ? "snoozed" : "open" };
}

/** In minutes. */
export const HOUR = 60;

/** Snoozes that are one press away, in hours. */
export const SNOOZES = [1, 4, 24] as const;

/** Longest snooze. */
export const MAX_SNOOZE_MINUTES = 30 * 24 * HOUR;

/** Minutes of a time that somebody typed; `undefined` for what the API would not take. */
export function minutesOf(amount: string, unit: "hours" | "days"): number | undefined {
  const number = amount.trim() === "" ? NaN : Number(amount);
  const minutes = Math.round(number * (unit === "hours" ? HOUR : 24 * HOUR));
  return minutes >= 1 && minutes <= MAX_SNOOZE_MINUTES ? minutes : undefined;
}

/** How long something may be expected. */
export const EXPECTED_DAYS = [7, 30, 90, 180, 365] as const;
