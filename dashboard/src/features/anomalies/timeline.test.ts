import { type Anomaly } from "@/features/anomalies/anomaly";
import { extent, neighbour, radius, ticks, timeline } from "@/features/anomalies/timeline";
import { describe, expect, test } from "vitest";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const from = new Date(2026, 5, 1).getTime();
const until = from + 7 * DAY;
const span = { from, until, now: until, width: 728 };

function anomaly(id: string, start: number, end?: number, more: Partial<Anomaly> = {}): Anomaly {
  return {
    id,
    service: "ec2",
    severity: "warning",
    hourly: { amount: "10", currency: "USD" },
    startedAt: new Date(from + start).toISOString(),
    ...(end !== undefined && { resolvedAt: new Date(from + end).toISOString() }),
    ...more,
  } as Anomaly;
}

const bars = (anomalies: Anomaly[], more = {}) =>
  timeline(anomalies, "service", { ...span, ...more }).lanes.flatMap((lane) => lane.bars);

describe("bars", () => {
  test("one of half the time is half as long, ends apart", () => {
    const [bar] = bars([anomaly("a", 0, 3.5 * DAY)]);
    expect(bar?.width).toBeCloseTo(350 + 2 * (bar?.radius ?? 0));
    expect((bar?.x ?? 0) + (bar?.radius ?? 0)).toBeCloseTo(14);
  });

  test("what still runs reaches to now", () => {
    const [bar] = bars([anomaly("a", 6 * DAY)]);
    expect((bar?.x ?? 0) + (bar?.width ?? 0) - (bar?.radius ?? 0)).toBeCloseTo(714);
  });

  test("what lasted no time is a dot", () => {
    const [bar] = bars([anomaly("a", DAY, DAY)]);
    expect(bar?.width).toBe(2 * (bar?.radius ?? 0));
  });

  test("what began before or ended after stays inside", () => {
    const [bar] = bars([anomaly("a", -30 * DAY, 30 * DAY)]);
    expect(bar?.x).toBeGreaterThanOrEqual(0);
    expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(728);
  });

  test("none covers another", () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      anomaly(`${n}`, ((n * 37) % 160) * HOUR, (((n * 37) % 160) + (n % 9) * 5) * HOUR),
    );
    const all = bars(many);
    expect(all).toHaveLength(60);
    for (const a of all)
      for (const b of all)
        if (a !== b && a.y === b.y) expect(a.x + a.width <= b.x || b.x + b.width <= a.x).toBe(true);
  });

  test("the dearer is thicker, and nothing is too thin to see", () => {
    expect(radius(100, 100)).toBeGreaterThan(radius(1, 100));
    expect(radius(0, 100)).toBeGreaterThan(4);
    expect(radius(0, 0)).toBeGreaterThan(4);
  });
});

describe("lanes", () => {
  const mixed = [
    anomaly("a", 0, DAY, { service: "rds", severity: "info" }),
    anomaly("b", 0, DAY, { severity: "critical" }),
    anomaly("c", 2 * DAY, 3 * DAY, { severity: "critical" }),
  ];

  test("one a service, or one a severity from loud to quiet", () => {
    const names = (by: "service" | "severity") =>
      timeline(mixed, by, span).lanes.map((lane) => lane.name);
    expect(names("service")).toEqual(["EC2", "RDS"]);
    expect(names("severity")).toEqual(["Critical", "Info"]);
  });

  test("they stand below each other", () => {
    const { lanes, height } = timeline(mixed, "service", span);
    expect(lanes[1]?.y).toBe(lanes[0]?.height);
    expect(height).toBe((lanes[1]?.y ?? 0) + (lanes[1]?.height ?? 0));
    for (const lane of lanes)
      for (const bar of lane.bars) expect(bar.y + bar.radius).toBeLessThan(lane.y + lane.height);
  });

  test("arrow keys lead through time and from lane to lane", () => {
    const { lanes } = timeline(mixed, "service", span);
    expect(neighbour(lanes, "b", "ArrowRight")).toBe("c");
    expect(neighbour(lanes, "c", "ArrowRight")).toBe("c");
    expect(neighbour(lanes, "c", "Home")).toBe("b");
    expect(neighbour(lanes, "c", "ArrowDown")).toBe("a");
    expect(neighbour(lanes, "a", "ArrowUp")).toBe("b");
    expect(neighbour(lanes, "a", "x")).toBe("a");
    expect(neighbour(lanes, "gone", "ArrowUp")).toBe("gone");
  });
});

describe("time", () => {
  test.each([HOUR, 5 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 800 * DAY])(
    "marks of %i ms are few, inside and in order",
    (length) => {
      const marks = ticks(from + 1, from + length, 900);
      expect(marks.length).toBeLessThanOrEqual(11);
      for (const [nth, mark] of marks.entries()) {
        expect(mark.at).toBeGreaterThanOrEqual(from + 1);
        expect(mark.at).toBeLessThanOrEqual(from + length);
        if (nth > 0) expect(mark.x).toBeGreaterThan(marks[nth - 1]?.x ?? 0);
      }
    },
  );

  test("of a week each day is marked where it begins", () => {
    const marks = ticks(from, until, 900);
    expect(marks).toHaveLength(8);
    expect(marks.every((mark) => mark.isDay)).toBe(true);
  });

  test("without a filter all of it is shown, up to now", () => {
    const all = [anomaly("a", DAY), anomaly("b", 2 * DAY)];
    expect(extent(all, [undefined, undefined], until)).toEqual([from + DAY, until]);
    expect(extent([], [undefined, undefined], until)).toEqual([until - HOUR, until]);
    expect(extent(all, [from, until + DAY], until)).toEqual([from, until]);
    const [first, last] = extent([], [until + DAY, undefined], until);
    expect(last).toBeGreaterThan(first);
  });
});
