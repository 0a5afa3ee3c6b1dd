import { type components } from "@/api/schema";

type ScanView = components["schemas"]["ScanView"];

/** How the search of an account stands. */
export type ScanStanding =
  | { readonly is: "waiting" }
  | { readonly is: "searching"; readonly done: number; readonly of: number }
  | { readonly is: "done"; readonly at: string; readonly next: string };

/** Hours between two searches. */
export const HOURS_BETWEEN = 7 * 24;

/** How a search stands; it is done anew a week after it was finished. */
export function standingOf(scan: ScanView | null | undefined): ScanStanding {
  if (!scan) return { is: "waiting" };
  if (!scan.finishedAt) return { is: "searching", done: scan.regionsDone, of: scan.regions };
  const next = new Date(Date.parse(scan.finishedAt) + HOURS_BETWEEN * 3_600_000).toISOString();
  return { is: "done", at: scan.finishedAt, next };
}

/** Whether somebody waits for any of them. */
export function isUnderWay(standings: readonly ScanStanding[]): boolean {
  return standings.some(({ is }) => is !== "done");
}

/** Whether a look is due by now. */
export function isPast(at: string, now: number): boolean {
  return Date.parse(at) <= now;
}

/** When somebody looks again for the first time; none if a search is under way or nothing is watched. */
export function nextLook(standings: readonly ScanStanding[]): string | undefined {
  const times = standings.map((standing) => (standing.is === "done" ? standing.next : undefined));
  if (times.includes(undefined)) return undefined;
  return times.sort()[0];
}
