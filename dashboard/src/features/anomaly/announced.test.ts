import { announced } from "@/features/anomaly/announced";
import { expect, test } from "vitest";

const at = "2026-06-01T03:00:00Z";

test("the answer and the end are read aloud, and nothing else", () => {
  expect(announced({})).toBeUndefined();
  const answer = { answer: "expected", by: "ana", at } as const;
  expect(announced({ answer })).toBe("It is marked as expected.");
  expect(announced({ answer: { ...answer, answer: "not_expected" } })).toBe(
    "It is marked as not expected.",
  );
  expect(announced({ answer, resolvedAt: at })).toBe("It is resolved.");
});
