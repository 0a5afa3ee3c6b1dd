/** A look that somebody asked for. */
export interface Asked {
  /** When, in milliseconds. */
  readonly at: number;
  /** When the account was looked at before. */
  readonly before: string | null | undefined;
}

/** How such a look stands. */
export type Checking = "none" | "running" | "late" | "done";

/** From then on it is late: the account was looked at within the last ten minutes. */
const LATE_MS = 150_000;

/** How it stands at a moment, by when the account was last looked at. */
export function checkingOf(
  asked: Asked | undefined,
  checkedAt: string | null | undefined,
  now: number,
): Checking {
  if (!asked) return "none";
  if (checkedAt && checkedAt !== asked.before) return "done";
  return now - asked.at > LATE_MS ? "late" : "running";
}

/** What is said about it; nothing where nothing was asked for. */
export const CHECKING: Record<Checking, string | undefined> = {
  none: undefined,
  running: "We are looking at it again. It takes a minute or two; this page goes on by itself.",
  late: "We look at an account at most every ten minutes: yours is next as soon as they are over.",
  done: "We have looked at it again.",
};
