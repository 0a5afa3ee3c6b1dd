import { type components } from "@/api/schema";
import { money } from "@/format/money";
import { regionsSearched, unjudgedWords } from "@/format/scan";
import { count } from "@/format/words";
import { type Standing } from "@/ui/Sign";

type Schemas = components["schemas"];
/** Whether an account is watched as it should be. */
export type Health = Schemas["Health"];
/** Whether a part of it is. */
export type Part = Schemas["Part"];
/** Whether a region is watched. */
export type RegionHealth = Schemas["RegionHealth"];
/** How far the search for zombies is. */
export type Scan = Schemas["ScanView"];

/** The sign of a part. */
export const SIGNS: Record<Part, Standing> = { ok: "good", wrong: "wrong", unknown: "open" };

const ROLE: Record<Part, string> = {
  ok: "We can look, and only look: the role is as it was made.",
  wrong: "Something is wrong with the role by which we look.",
  unknown: "We have not looked at the role yet.",
};
const TRAIL: Record<Part, string> = {
  ok: "CloudTrail records what is started in every watched region.",
  wrong: "CloudTrail does not record all that we have to hear of.",
  unknown: "We have not looked for a trail yet.",
};
const RULES: Record<Part, string> = { ok: "In place", wrong: "Wrong", unknown: "Unknown" };
const EVENTS: Record<Part, string> = { ok: "Arrive", wrong: "Missing", unknown: "None yet" };

/** How the role is, in a sentence. */
export function roleWords(part: Part): string {
  return ROLE[part];
}

/** How the trail is, in a sentence. */
export function trailWords(part: Part): string {
  return TRAIL[part];
}

/** How the rules of a region are. */
export function rulesWords(part: Part): string {
  return RULES[part];
}

/** Whether events of a region come. */
export function eventsWords(part: Part): string {
  return EVENTS[part];
}

/** How a region is in all: as its worst part. */
export function regionPart({ rules, eventsFlow }: RegionHealth): Part {
  if (rules === "wrong" || eventsFlow === "wrong") return "wrong";
  return rules === "unknown" || eventsFlow === "unknown" ? "unknown" : "ok";
}

/** How all regions are: as the worst of them. */
export function regionsPart(regions: readonly RegionHealth[]): Part {
  const parts = regions.map(regionPart);
  if (parts.includes("wrong")) return "wrong";
  return parts.length === 0 || parts.includes("unknown") ? "unknown" : "ok";
}

/** `17 regions: 15 watched, 1 wrong, 1 with no event yet.` */
export function regionsWords(regions: readonly RegionHealth[]): string {
  if (regions.length === 0) return "Which regions are watched is not known yet.";
  const of = (part: Part) => regions.filter((region) => regionPart(region) === part).length;
  const [fine, wrong, open] = [of("ok"), of("wrong"), of("unknown")];
  if (fine === regions.length) {
    return fine === 1 ? "The one region is watched." : `All ${fine} regions are watched.`;
  }
  const parts = [
    fine > 0 && `${fine} watched`,
    wrong > 0 && `${wrong} wrong`,
    open > 0 && `${open} without an event yet`,
  ].filter(Boolean);
  return `${count(regions.length, "region")}: ${parts.join(", ")}.`;
}

/** What is wrong comes first, then what is not known; else by name. */
export function regionsInOrder(regions: readonly RegionHealth[]): RegionHealth[] {
  const rank: Record<Part, number> = { wrong: 0, unknown: 1, ok: 2 };
  return [...regions].sort(
    (a, b) => rank[regionPart(a)] - rank[regionPart(b)] || a.region.localeCompare(b.region),
  );
}

/** How far the search for zombies is, in a sentence. */
export function scanWords(scan: Scan | null | undefined): string {
  if (!scan) return "The search for what costs money and does nothing has not begun yet.";
  const found =
    scan.zombies === 0
      ? "nothing idle found"
      : `${count(scan.zombies, "zombie")} found, ${money(scan.monthly)} a month`;
  return scan.finishedAt
    ? `All ${count(scan.regions, "region")} searched: ${found}.`
    : `${regionsSearched({ done: scan.regionsDone, of: scan.regions })} searched: ${found} so far.`;
}

/** What AWS charges for looking. */
export function scanCostWords(scan: Scan): string {
  const asked = `${count(scan.requests, "request")}, ${count(scan.metrics, "metric")}`;
  return `AWS charges you ${money(scan.cost)} for it (${asked}).`;
}

/** What the search could not judge, in a sentence; `undefined` if there was nothing of the kind. */
export function notJudgedWords({ unjudged }: Scan): string | undefined {
  const words = unjudgedWords(unjudged);
  return words.length === 0 ? undefined : `Could not be judged: ${words.join(", ")}.`;
}

/** Whether the stack, made anew, may put right what was found. */
export function isStackToBlame({ findings }: Health): boolean {
  return findings.some(({ code }) => /^(role|rules|regions)_/.test(code));
}

/** The sign of the search. */
export function scanSign(scan: Scan | null | undefined): Standing {
  if (!scan) return "open";
  return scan.finishedAt ? "good" : "running";
}

/** From then on a region of which nothing was heard is one in which nothing happens. */
const PATIENCE_MS = 10 * 60_000;
/** How often a health is read that changes seldom. */
const SELDOM_MS = 15_000;

/** Whether nothing more is about to change by itself within seconds; `now` in milliseconds. */
export function isSettled({ checkedAt, scan, regions }: Health, now: number): boolean {
  if (!checkedAt || !scan?.finishedAt) return false;
  const isQuiet = now - Date.parse(scan.finishedAt) > PATIENCE_MS;
  return isQuiet || regionsPart(regions) !== "unknown";
}

/** How often it is read: every so often while somebody waits for it, and nobody waits for ever. */
export function readEvery(
  health: Health | undefined,
  { often, since, now }: { often: number; since: number; now: number },
): number {
  if (now - since > PATIENCE_MS) return SELDOM_MS;
  return health && isSettled(health, now) ? SELDOM_MS : often;
}

/** All of it in one word for who only listens. */
export function healthWords(health: Health): string {
  if (!health.checkedAt) return "We are looking at the account for the first time.";
  const wrong = health.findings.length;
  return wrong === 0
    ? "Everything that we looked at is as it should be."
    : `${count(wrong, "thing")} ${wrong === 1 ? "is" : "are"} not as ${wrong === 1 ? "it" : "they"} should be.`;
}
