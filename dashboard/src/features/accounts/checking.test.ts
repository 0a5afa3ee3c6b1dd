import { checkingOf } from "@/features/accounts/checking";
import { expect, test } from "vitest";

const at = Date.parse("2026-06-01T00:00:00Z");
const before = "2026-05-31T23:00:00Z";

test("a look that was asked for runs until the account was looked at", () => {
  expect(checkingOf(undefined, before, at)).toBe("none");
  expect(checkingOf({ at, before }, before, at + 10_000)).toBe("running");
  expect(checkingOf({ at, before }, "2026-06-01T00:01:00Z", at + 70_000)).toBe("done");
});

test("it is late where an account was looked at a short time ago", () => {
  expect(checkingOf({ at, before }, before, at + 200_000)).toBe("late");
  expect(checkingOf({ at, before: null }, null, at + 200_000)).toBe("late");
  expect(checkingOf({ at, before: null }, "2026-06-01T00:05:00Z", at + 400_000)).toBe("done");
});
