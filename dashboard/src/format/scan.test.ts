import { regionsSearched, unjudgedWords } from "@/format/scan";
import { expect, test } from "vitest";

test("regions are counted", () => {
  expect(regionsSearched({ done: 5, of: 17 })).toBe("5 of 17 regions");
});

test("what could not be judged is said in words, the most first", () => {
  const unjudged = { idle_database: 3, "region me-south-1": 1, old_snapshot: 12 };
  expect(unjudgedWords(unjudged)).toEqual([
    "12 × old snapshot",
    "3 × idle database",
    "region me-south-1",
  ]);
});
