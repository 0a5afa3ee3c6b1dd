import { SEVERITIES, type Anomaly } from "@/features/anomalies/anomaly";
import { size } from "@/format/money";
import { nameOfService } from "@/format/services";
import { sentence } from "@/format/words";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Height of the name of a lane, and of each of its rows. */
const HEAD = 26;
const ROW = 26;
/** Below the rows of a lane. */
const GAP = 10;
/** Half the thickness of the cheapest and of the dearest. */
const THIN = 5;
const THICK = 11;
/** Space between two of the same row. */
const APART = 4;
/** What is at either side of the time shown. */
const SIDE = 14;

/** What is shown of an anomaly: from its start to its end, or to now. */
export interface Bar {
  readonly anomaly: Anomaly;
  readonly x: number;
  readonly width: number;
  /** Its middle. */
  readonly y: number;
  /** Half its thickness, and the roundness of its ends. */
  readonly radius: number;
}

/** Bars that belong together. */
export interface Lane {
  readonly name: string;
  /** Its top. */
  readonly y: number;
  readonly height: number;
  readonly bars: readonly Bar[];
}

/** A time line, in pixels. */
export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly ticks: readonly Tick[];
  readonly height: number;
}

/** A mark of the time. */
export interface Tick {
  readonly x: number;
  /** In milliseconds. */
  readonly at: number;
  /** Whether a day begins there. */
  readonly isDay: boolean;
}

/** Lays anomalies out over a width. `from` and `until` in milliseconds. */
export function timeline(
  anomalies: readonly Anomaly[],
  by: "service" | "severity",
  { from, until, now, width }: { from: number; until: number; now: number; width: number },
): Timeline {
  const scale = scaleOf(from, until, width);
  const dearest = Math.max(...anomalies.map((anomaly) => size(anomaly.hourly)), 0);
  let y = 0;
  const lanes = groups(anomalies, by).map(([name, members]) => {
    const bars = members.map((anomaly) => flat(anomaly, { scale, now, dearest, width }));
    const { placed, rows } = place(bars, y + HEAD);
    const lane = { name, y, height: HEAD + rows * ROW + GAP, bars: placed };
    y += lane.height;
    return lane;
  });
  return { lanes, height: y, ticks: ticks(from, until, width) };
}

/** The time that is shown if no filter says so: all of what there is, and a little around it. */
export function extent(
  anomalies: readonly Anomaly[],
  [since, until]: readonly [number | undefined, number | undefined],
  now: number,
): readonly [number, number] {
  const starts = anomalies.map(({ startedAt }) => Date.parse(startedAt));
  const last = Math.min(until ?? now, now);
  const first = since ?? Math.min(...starts, last - HOUR);
  // Of a filter that lies ahead nothing is there; a span it must be nevertheless.
  const to = Math.max(last, first + HOUR);
  return [first, to];
}

/** Half the thickness by what it costs: by its logarithm, since costs differ a thousandfold. */
export function radius(hourly: number, dearest: number): number {
  if (hourly <= 0 || dearest <= 0) return THIN;
  const part = Math.log1p(hourly) / Math.log1p(dearest);
  return THIN + (THICK - THIN) * Math.min(1, part);
}

/** Marks about every 90 pixels, at whole hours or days of the reader's zone. */
export function ticks(from: number, until: number, width: number): Tick[] {
  const most = Math.max(2, Math.floor(width / 90));
  const steps = [1, 3, 6, 12].map((hours) => hours * HOUR);
  const days = [1, 2, 3, 7, 14, 30, 90, 180, 365].map((each) => each * DAY);
  const step = [...steps, ...days].find((each) => (until - from) / each <= most) ?? 730 * DAY;
  const scale = scaleOf(from, until, width);
  const found: Tick[] = [];
  // By the calendar and not by adding hours: the clocks may change in between.
  const begin = new Date(from);
  const day = new Date(begin.getFullYear(), begin.getMonth(), begin.getDate());
  for (let nth = 0; found.length <= most + 1; nth += 1) {
    const at = later(day, nth * step);
    if (at > until) break;
    if (at >= from) found.push({ at, x: scale(at), isDay: new Date(at).getHours() === 0 });
  }
  return found;
}

/** The bar that one comes to from another by an arrow key; the same where there is none. */
export function neighbour(lanes: readonly Lane[], id: string, key: string): string {
  const filled = lanes.filter((lane) => lane.bars.length > 0);
  const lane = filled.findIndex((each) => each.bars.some((bar) => bar.anomaly.id === id));
  const bars = [...(filled[lane]?.bars ?? [])].sort((a, b) => a.x - b.x || a.y - b.y);
  const at = bars.findIndex((bar) => bar.anomaly.id === id);
  const from = bars[at];
  if (!from) return id;
  const ways: Record<string, () => Bar | undefined> = {
    ArrowLeft: () => bars[at - 1],
    ArrowRight: () => bars[at + 1],
    Home: () => bars[0],
    End: () => bars.at(-1),
    ArrowUp: () => nearest(filled[lane - 1], from),
    ArrowDown: () => nearest(filled[lane + 1], from),
  };
  return ways[key]?.()?.anomaly.id ?? id;
}

function nearest(lane: Lane | undefined, { x }: Bar): Bar | undefined {
  return lane?.bars.toSorted((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
}

function later(day: Date, by: number): number {
  const [year, month, date] = [day.getFullYear(), day.getMonth(), day.getDate()];
  const days = Math.floor(by / DAY);
  return new Date(year, month, date + days, Math.round((by % DAY) / HOUR)).getTime();
}

function scaleOf(from: number, until: number, width: number): (at: number) => number {
  const inside = Math.max(1, width - 2 * SIDE);
  return (at) => SIDE + ((at - from) / Math.max(1, until - from)) * inside;
}

type Flat = Omit<Bar, "y">;

function flat(
  anomaly: Anomaly,
  {
    scale,
    now,
    dearest,
    width,
  }: { scale: (at: number) => number; now: number; dearest: number; width: number },
): Flat {
  const round = radius(size(anomaly.hourly), dearest);
  const clamp = (x: number) => Math.min(width - round, Math.max(round, x));
  const start = clamp(scale(Date.parse(anomaly.startedAt)));
  const end = clamp(scale(anomaly.resolvedAt ? Date.parse(anomaly.resolvedAt) : now));
  // The ends are round: what lasted no time is a dot.
  return { anomaly, x: start - round, width: Math.max(0, end - start) + 2 * round, radius: round };
}

/** Puts bars into as few rows as they need to cover none of the others. */
function place(bars: readonly Flat[], top: number): { placed: Bar[]; rows: number } {
  const ends: number[] = [];
  const placed = bars
    .toSorted((a, b) => a.x - b.x)
    .map((bar) => {
      const free = ends.findIndex((end) => end + APART <= bar.x);
      const row = free < 0 ? ends.length : free;
      ends[row] = bar.x + bar.width;
      return { ...bar, y: top + row * ROW + ROW / 2 };
    });
  return { placed, rows: Math.max(1, ends.length) };
}

function groups(
  anomalies: readonly Anomaly[],
  by: "service" | "severity",
): (readonly [string, Anomaly[]])[] {
  const of = (each: Anomaly) => (by === "service" ? each.service : each.severity);
  const names =
    by === "severity"
      ? SEVERITIES.filter((severity) => anomalies.some((each) => of(each) === severity))
      : [...new Set(anomalies.map(of))].sort();
  const shown = by === "service" ? nameOfService : sentence;
  return names.map((name) => [shown(name), anomalies.filter((each) => of(each) === name)]);
}
