import { clockOf, findZones, knownZones, zoneWords } from "@/features/settings/zones";
import { describe, expect, test } from "vitest";

const ZONES = [
  "America/New_York",
  "America/Sao_Paulo",
  "Europe/Berlin",
  "Europe/London",
  "Pacific/Easter",
  "UTC",
];

describe("the search for a time zone", () => {
  test.each([
    ["new york", ["America/New_York"]],
    ["New_York", ["America/New_York"]],
    ["são", ["America/Sao_Paulo"]],
    ["europe", ["Europe/Berlin", "Europe/London"]],
    ["Europe/Berlin", ["Europe/Berlin"]],
    ["nowhere", []],
  ])("%s", (typed, found) => {
    expect(findZones(ZONES, typed)).toEqual(found);
  });

  test("a city comes before what only holds the letters", () => {
    expect(findZones(["Pacific/Easter", "America/Caster", "Asia/Aster"], "aster")).toEqual([
      "Asia/Aster",
      "Pacific/Easter",
      "America/Caster",
    ]);
  });

  test("nothing typed finds all, but no more than are shown", () => {
    expect(findZones(ZONES, "  ")).toEqual(ZONES);
    expect(findZones(ZONES, "", 2)).toHaveLength(2);
  });
});

test("the zones of this browser hold UTC and what is set, once", () => {
  const zones = knownZones(["Europe/Berlin"]);
  expect(zones.slice(0, 2)).toEqual(["UTC", "Europe/Berlin"]);
  expect(new Set(zones).size).toBe(zones.length);
});

test("a zone goes by its name of today", () => {
  const zones = knownZones();
  expect(findZones(zones, "kolkata")).toEqual(["Asia/Kolkata"]);
  expect(findZones(zones, "kathmandu")).toEqual(["Asia/Kathmandu"]);
  expect(zones).not.toContain("Asia/Calcutta");
});

test("the clock there", () => {
  const now = Date.parse("2026-06-01T12:00:00Z");
  expect(clockOf("Europe/Berlin", now)).toBe("14:00");
  expect(clockOf("Moon/Tranquility", now)).toBeUndefined();
});

test("a zone in words", () => {
  expect(zoneWords("America/New_York")).toBe("America/New York");
});
