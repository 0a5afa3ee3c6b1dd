import {
  headline,
  readWords,
  severities,
  skippedWords,
  standingOf,
  type Report,
} from "@/features/rehearsal/words";
import { expect, test } from "vitest";

const progress = {
  from: "2026-03-01T00:00:00Z",
  until: "2026-05-30T00:00:00Z",
  percent: 40,
  records: 12_000,
  costEvents: 41,
  skippedRegions: [],
};
const finished = { ...progress, percent: 100, finishedAt: "2026-05-30T00:10:00Z" };
const found: Report = {
  progress: finished,
  days: 90,
  bySeverity: { info: 2, critical: 1 },
  spent: { amount: "1320.5", currency: "USD" },
  dearest: [],
};

test("how a rehearsal stands", () => {
  expect(standingOf({ ...found, progress: null })).toBe("waiting");
  expect(standingOf({ ...found, progress })).toBe("running");
  expect(standingOf({ ...found, bySeverity: {} })).toBe("quiet");
  expect(standingOf(found)).toBe("found");
});

test("the headline counts what would have been told", () => {
  expect(headline(found)).toBe(
    "In the last 90 days we would have told you about 3 things that cost $1,321.",
  );
  expect(headline({ ...found, bySeverity: { info: 1 } })).toContain("about 1 thing that cost");
  expect(headline({ ...found, bySeverity: {} })).toContain("nothing unusual");
});

test("the loudest come first", () => {
  expect(severities(found)).toEqual([
    { severity: "critical", number: 1 },
    { severity: "info", number: 2 },
  ]);
});

test("what was read and what could not be", () => {
  expect(readWords({ ...found, progress })).toBe("12,000 calls read, 41 of them cost something.");
  expect(skippedWords(found)).toBeUndefined();
  const skipped = { ...progress, skippedRegions: ["eu-south-1", "me-south-1"] };
  expect(skippedWords({ ...found, progress: skipped })).toContain("eu-south-1, me-south-1");
});
