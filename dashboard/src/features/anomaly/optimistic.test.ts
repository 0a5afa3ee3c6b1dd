import { after, minutesOf, type Detail } from "@/features/anomaly/optimistic";
import { expect, test } from "vitest";

const now = Date.parse("2026-06-01T03:00:00Z");
const asker = { by: "ana", now };
const open = { id: "a", status: "open" } as Detail;

test("an answer is shown with who gave it", () => {
  expect(after(open, { kind: "expected", days: 90 }, asker)).toMatchObject({
    status: "expected",
    answer: { answer: "expected", by: "ana", at: "2026-06-01T03:00:00.000Z" },
  });
});

test("what was not expected is open again, or still snoozed", () => {
  const not = { kind: "not_expected" } as const;
  expect(after({ ...open, status: "expected" }, not, asker).status).toBe("open");
  const snoozed = { ...open, status: "expected", snoozedUntil: "2026-06-02T00:00:00Z" } as Detail;
  expect(after(snoozed, not, asker).status).toBe("snoozed");
});

test("what is over stays so, whatever is said of it", () => {
  const over = { ...open, status: "resolved" } as Detail;
  expect(after(over, { kind: "expected", days: 1 }, asker).status).toBe("resolved");
});

test("a snooze says until when", () => {
  expect(after(open, { kind: "snooze", minutes: 60 }, asker)).toMatchObject({
    status: "snoozed",
    snoozedUntil: "2026-06-01T04:00:00.000Z",
    snoozedBy: "ana",
  });
  const expected = { ...open, status: "expected" } as Detail;
  expect(after(expected, { kind: "snooze", minutes: 60 }, asker).status).toBe("expected");
});

test("what was there is left as it is", () => {
  after(open, { kind: "snooze", minutes: 60 }, asker);
  expect(open).toEqual({ id: "a", status: "open" });
});

test.each([
  ["1", "hours", 60],
  ["1.5", "hours", 90],
  ["30", "days", 43_200],
  ["30.1", "days", undefined],
  ["0", "hours", undefined],
  ["-1", "days", undefined],
  ["", "days", undefined],
  ["soon", "days", undefined],
] as const)("a snooze of %s %s is %s minutes", (amount, unit, minutes) => {
  expect(minutesOf(amount, unit)).toBe(minutes);
});
