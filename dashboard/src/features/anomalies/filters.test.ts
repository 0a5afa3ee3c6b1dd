import { STANDINGS, SEVERITIES } from "@/features/anomalies/anomaly";
import {
  asked,
  changed,
  cleared,
  countOf,
  dayOf,
  readFilters,
  span,
  writeFilters,
  RANGES,
  type Filters,
} from "@/features/anomalies/filters";
import { SERVICES } from "@/format/services";
import { describe, expect, test } from "vitest";

const CHOICES: { [K in keyof Filters]-?: readonly Filters[K][] } = {
  status: [undefined, ...STANDINGS],
  severity: [undefined, ...SEVERITIES],
  accountId: [undefined, "111122223333"],
  service: [undefined, ...(Object.keys(SERVICES) as (keyof typeof SERVICES)[])],
  actor: [undefined, "role/Deploy & Co=1?", "user/ana"],
  range: [undefined, ...(Object.keys(RANGES) as (keyof typeof RANGES)[])],
  since: [undefined, "2026-06-01"],
  until: [undefined, "2026-06-07"],
  view: [undefined, "timeline"],
  lanes: [undefined, "severity"],
};

function* combinations(): Generator<Filters> {
  const names = Object.keys(CHOICES) as (keyof Filters)[];
  const build = function* (at: number, built: Filters): Generator<Filters> {
    const name = names[at];
    if (!name) {
      yield built;
      return;
    }
    for (const value of CHOICES[name]) {
      // Days and a range exclude each other.
      if ((name === "since" || name === "until") && built.range && value) continue;
      yield* build(at + 1, value === undefined ? built : { ...built, [name]: value });
    }
  };
  yield* build(0, {});
}

const throughAddress = (filters: Filters) =>
  readFilters(Object.fromEntries(new URLSearchParams(writeFilters(filters))));

describe("filters in the address", () => {
  test("every combination comes back as it was", () => {
    let tried = 0;
    for (const filters of combinations()) {
      tried += 1;
      if (JSON.stringify(throughAddress(filters)) !== JSON.stringify(sorted(filters))) {
        expect(throughAddress(filters)).toEqual(filters);
      }
    }
    expect(tried).toBeGreaterThan(10_000);
  });

  test.each([
    { status: "broken" },
    { status: ["open", "resolved"] },
    { severity: "CRITICAL" },
    { accountId: "12" },
    { accountId: "11112222333x" },
    { service: "toString" },
    { actor: "" },
    { actor: "x".repeat(300) },
    { range: "3d" },
    { range: "constructor" },
    { since: "yesterday" },
    { since: "2026-02-31" },
    { until: "1926-06-01" },
    { since: "2026-06-07", until: "2026-06-01" },
    { view: "grid", lanes: "region" },
    { other: "1", __proto__: "x" },
  ])("junk is ignored: %o", (query) => {
    expect(readFilters(query as never)).toEqual({});
  });

  test("one sensible part survives junk beside it", () => {
    expect(readFilters({ status: "open", severity: "loud", until: "2026-06-01" })).toEqual({
      status: "open",
      until: "2026-06-01",
    });
  });
});

describe("changing filters", () => {
  const filters: Filters = { status: "open", range: "7d", view: "timeline", lanes: "severity" };

  test("they are counted without the view, and days as one", () => {
    expect(countOf(filters)).toBe(2);
    expect(countOf({ since: "2026-06-01", until: "2026-06-02" })).toBe(1);
  });

  test("clearing leaves the view", () => {
    expect(cleared(filters)).toEqual({ view: "timeline", lanes: "severity" });
  });

  test("what becomes nothing is taken away", () => {
    expect(changed(filters, { status: undefined })).not.toHaveProperty("status");
  });
});

describe("what the API is asked", () => {
  const now = new Date(2026, 5, 8, 12, 34, 56).getTime();

  test("a range reaches back from the hour", () => {
    const [since, until] = span({ range: "24h" }, now);
    expect(now - (since ?? 0)).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect(now - (since ?? 0)).toBeLessThan(25 * 3_600_000);
    expect(until).toBeUndefined();
  });

  test("the last day is whole", () => {
    const [since, until] = span({ since: "2026-06-01", until: "2026-06-01" }, now);
    expect((until ?? 0) - (since ?? 0)).toBe(24 * 3_600_000);
    expect(dayOf(since ?? 0)).toBe("2026-06-01");
  });

  test("nothing is asked for nothing, and nothing of the view", () => {
    expect(asked({ view: "timeline", lanes: "severity" }, now)).toEqual({});
    expect(asked({ actor: "user/ana" }, now)).toEqual({ actor: "user/ana" });
  });
});

/** In the order in which an address is read. */
function sorted(filters: Filters): Filters {
  const order = ["status", "severity", "accountId", "service", "actor", "range"] as const;
  const rest = ["view", "lanes", "since", "until"] as const;
  const entries = [...order, ...rest].filter((name) => name in filters);
  return Object.fromEntries(entries.map((name) => [name, filters[name]]));
}
