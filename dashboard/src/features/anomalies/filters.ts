import { SEVERITIES, STANDINGS, type Standing } from "@/features/anomalies/anomaly";
import { SERVICES } from "@/format/services";

/** Times back from now that can be chosen, in hours. */
export const RANGES = { "24h": 24, "7d": 7 * 24, "30d": 30 * 24, "90d": 90 * 24 } as const;

/** Which anomalies are shown, and how. What is missing lets everything through. */
export interface Filters {
  readonly status?: Standing;
  readonly severity?: (typeof SEVERITIES)[number];
  readonly accountId?: string;
  readonly service?: keyof typeof SERVICES;
  /** The actor's id. */
  readonly actor?: string;
  /** Back from now; otherwise `since` and `until` hold. */
  readonly range?: keyof typeof RANGES;
  /** The first day in the reader's zone: `2026-06-01`. */
  readonly since?: string;
  /** The last day. */
  readonly until?: string;
  /** A list if nothing is said. */
  readonly view?: "timeline";
  /** Lanes of the time line: a service each if nothing is said. */
  readonly lanes?: "severity";
}

/** What a page is asked with. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Longest text that is taken from an address. */
const LONGEST = 256;

/** Reads filters from an address. What makes no sense is left out. */
export function readFilters(query: Query): Filters {
  const text = (name: keyof Filters) => {
    const value = query[name];
    return typeof value === "string" && value.length <= LONGEST ? value : undefined;
  };
  const account = text("accountId");
  const filters = {
    status: oneOf(STANDINGS, text("status")),
    severity: oneOf(SEVERITIES, text("severity")),
    accountId: account && /^\d{12}$/.test(account) ? account : undefined,
    service: oneOf(Object.keys(SERVICES) as (keyof typeof SERVICES)[], text("service")),
    actor: text("actor") || undefined,
    range: oneOf(Object.keys(RANGES) as (keyof typeof RANGES)[], text("range")),
    view: oneOf(["timeline"] as const, text("view")),
    lanes: oneOf(["severity"] as const, text("lanes")),
    ...(text("range") === undefined && days(text("since"), text("until"))),
  };
  return known(filters);
}

/** Writes filters as an address says them. */
export function writeFilters(filters: Filters): Record<string, string> {
  return known(filters) as Record<string, string>;
}

/** Changes some; what becomes `undefined` is taken away. */
export function changed(filters: Filters, change: { [K in keyof Filters]?: Filters[K] }): Filters {
  return known({ ...filters, ...change });
}

/** How many hold; days count as one, and the view is none. */
export function countOf({ range, since, until, ...rest }: Filters): number {
  const { status, severity, accountId, service, actor } = rest;
  const time = range ?? since ?? until;
  return [status, severity, accountId, service, actor, time].filter(Boolean).length;
}

/** Without all of them; the view stays. */
export function cleared({ view, lanes }: Filters): Filters {
  return known({ view, lanes });
}

/** What the API is asked. `now` in milliseconds; the same within an hour, so that answers can be kept. */
export function asked(filters: Filters, now: number) {
  const { status, severity, accountId, service, actor } = filters;
  const [since, until] = span(filters, now);
  return known({
    status,
    severity,
    accountId,
    service,
    actor,
    since: iso(since),
    until: iso(until),
  });
}

/** From when until when, in milliseconds. */
export function span(
  { range, since, until }: Filters,
  now: number,
): readonly [number | undefined, number | undefined] {
  if (range) {
    const hour = 3_600_000;
    return [Math.floor(now / hour) * hour - RANGES[range] * hour, undefined];
  }
  return [since ? midnight(since, 0) : undefined, until ? midnight(until, 1) : undefined];
}

/** A day of the reader's zone as an address says it. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function midnight(day: string, later: number): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).getTime();
}

function days(since: string | undefined, until: string | undefined) {
  const [first, last] = [since, until].map((day) => (day && isDay(day) ? day : undefined));
  // The last before the first: nobody knows which of them was meant.
  return first && last && last < first ? {} : { since: first, until: last };
}

/** Whether a text is a day that there is. */
export function isDay(text: string): boolean {
  return /^20\d\d-\d\d-\d\d$/.test(text) && dayOf(midnight(text, 0)) === text;
}

function oneOf<T extends string>(all: readonly T[], text: string | undefined): T | undefined {
  return all.find((each) => each === text);
}

/** Without what says nothing. */
export function known<T extends object>(of: T): T {
  const entries = Object.entries(of).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries) as T;
}
