import { daysOf } from "@/features/anomalies/typedDays";
import { describe, expect, test } from "vitest";

describe("days that are typed", () => {
  test("the year 2 is half a year, and says nothing yet", () => {
    for (const since of ["0002-11-15", "0020-11-15", "0202-11-15"]) {
      expect(daysOf({ since, until: "2026-06-07" })).toEqual({});
    }
  });

  test("whole ones are filters, and the empty text is none", () => {
    const both = { since: "2026-06-01", until: "2026-06-07" };
    expect(daysOf(both)).toEqual({ filters: both });
    expect(daysOf({ ...both, since: "" })).toEqual({ filters: { until: "2026-06-07" } });
    expect(daysOf({ since: "", until: "" })).toEqual({ filters: {} });
    expect(daysOf({ since: both.since, until: both.since }).filters).toBeDefined();
  });

  test("the first after the last says so", () => {
    const turned = daysOf({ since: "2026-06-08", until: "2026-06-07" });
    expect(turned).toEqual({ problem: "The first day comes after the last." });
  });
});
