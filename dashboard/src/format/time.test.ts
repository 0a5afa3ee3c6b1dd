import { ago, duration, secondsBetween } from "@/format/time";
import { describe, expect, it } from "vitest";

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [3599, "59 min"],
    [3600, "1 h"],
    [12_000, "3 h 20 min"],
    [86_400, "1 day"],
    [9.5 * 86_400, "9 days"],
    [-5, "0 s"],
  ])("%s seconds read %s", (seconds, read) => {
    expect(duration(seconds)).toBe(read);
  });
});

describe("ago", () => {
  const now = Date.parse("2026-06-10T12:00:00Z");
  it.each([
    ["2026-06-10T11:59:55Z", "just now"],
    ["2026-06-10T11:48:00Z", "12 min ago"],
    ["2026-06-10T15:00:00Z", "in 3 h"],
    ["2026-06-08T12:00:00Z", "2 days ago"],
    ["2026-05-01T12:00:00Z", "1 May 2026"],
  ])("%s reads %s", (at, read) => {
    expect(ago(at, now)).toBe(read);
  });

  it("counts seconds between two moments", () => {
    expect(secondsBetween("2026-06-10T12:00:00Z", "2026-06-10T12:00:04Z")).toBe(4);
  });
});
