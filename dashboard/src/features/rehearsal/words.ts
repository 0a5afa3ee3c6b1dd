import { type components } from "@/api/schema";
import { money } from "@/format/money";
import { count } from "@/format/words";

/** What the rehearsal would have told. */
export type Report = components["schemas"]["RehearsalReport"];

const LOUDEST_FIRST = ["critical", "warning", "info"];

/** How the rehearsal stands. */
export type Standing = "waiting" | "running" | "quiet" | "found";

/** How many anomalies would have been told. */
export function told({ bySeverity }: Report): number {
  return Object.values(bySeverity).reduce((sum, each) => sum + each, 0);
}

/** How it stands. */
export function standingOf(report: Report): Standing {
  if (!report.progress) return "waiting";
  if (!report.progress.finishedAt) return "running";
  return told(report) === 0 ? "quiet" : "found";
}

/** `In the last 90 days we would have told you about 4 things that cost $1,320.` */
export function headline(report: Report): string {
  const days = report.days === 1 ? "In the last day" : `In the last ${report.days} days`;
  const number = told(report);
  if (number === 0) return `${days} we would have kept quiet: nothing unusual.`;
  const things = count(number, "thing");
  return `${days} we would have told you about ${things} that cost ${money(report.spent)}.`;
}

/** How many there were of each severity, the loudest first; none of those that there were not. */
export function severities({ bySeverity }: Report): { severity: string; number: number }[] {
  const known = LOUDEST_FIRST.filter((severity) => (bySeverity[severity] ?? 0) > 0);
  return known.map((severity) => ({ severity, number: bySeverity[severity] ?? 0 }));
}

/** What was read so far: `12,000 calls read, 41 of them cost something.` */
export function readWords({ progress }: Report): string {
  if (!progress) return "It begins within a minute or two.";
  const records = count(progress.records, "call");
  return `${records} read, ${progress.costEvents.toLocaleString("en-US")} of them cost something.`;
}

/** Regions of which nothing is in it; `undefined` if there are none. */
export function skippedWords({ progress }: Report): string | undefined {
  const regions = progress?.skippedRegions ?? [];
  if (regions.length === 0) return undefined;
  return `We may not read the history of ${regions.join(", ")}: nothing of it is in here.`;
}
