import { isPast, isUnderWay, nextLook, standingOf } from "@/features/zombies/scan";
import { describe, expect, test } from "vitest";

const scan = {
  beganAt: "2026-06-01T08:00:00Z",
  regionsDone: 5,
  regions: 17,
  zombies: 3,
  monthly: { amount: "12", currency: "USD" },
  unjudged: {},
  requests: 40,
  metrics: 10,
  cost: { amount: "0.0001", currency: "USD" },
};
const done = standingOf({ ...scan, regionsDone: 17, finishedAt: "2026-06-01T08:20:00Z" });

describe("a search", () => {
  test("that nobody began waits", () => {
    expect(standingOf(undefined)).toEqual({ is: "waiting" });
    expect(standingOf(null)).toEqual({ is: "waiting" });
  });

  test("that goes on says how far it is", () => {
    expect(standingOf(scan)).toEqual({ is: "searching", done: 5, of: 17 });
  });

  test("that is done is done again in a week", () => {
    expect(done).toMatchObject({ is: "done", next: "2026-06-08T08:20:00.000Z" });
  });
});

describe("several searches", () => {
  const later = standingOf({ ...scan, finishedAt: "2026-06-03T00:00:00Z" });

  test("the next look is the first of them", () => {
    expect(nextLook([later, done])).toBe("2026-06-08T08:20:00.000Z");
  });

  test("while one goes on the next look is now", () => {
    expect(nextLook([done, standingOf(scan)])).toBeUndefined();
    expect(isUnderWay([done, standingOf(scan)])).toBe(true);
    expect(isUnderWay([done, later])).toBe(false);
    expect(nextLook([])).toBeUndefined();
  });
});

test("a look is due once its time has come", () => {
  const now = Date.parse("2026-06-08T00:00:00Z");
  expect(isPast("2026-06-07T23:59:59Z", now)).toBe(true);
  expect(isPast("2026-06-08T00:00:01Z", now)).toBe(false);
});
