import {
  healthWords,
  isSettled,
  isStackToBlame,
  notJudgedWords,
  readEvery,
  regionPart,
  regionsInOrder,
  regionsWords,
  scanCostWords,
  scanWords,
  type Health,
  type Part,
  type RegionHealth,
  type Scan,
} from "@/features/health/words";
import { expect, test } from "vitest";

function region(name: string, rules: Part, eventsFlow: Part): RegionHealth {
  return { region: name, rules, eventsFlow };
}

const usd = (amount: string) => ({ amount, currency: "USD" });
const scan: Scan = {
  beganAt: "2026-06-01T00:00:00Z",
  regions: 17,
  regionsDone: 4,
  zombies: 1,
  monthly: usd("32.4"),
  unjudged: {},
  requests: 120,
  metrics: 3000,
  cost: usd("0.03"),
};
const health: Health = {
  checkedAt: "2026-06-01T00:00:00Z",
  role: "ok",
  trail: "ok",
  regions: [region("eu-west-1", "ok", "ok")],
  findings: [],
  scan: { ...scan, finishedAt: "2026-06-01T00:05:00Z" },
};

const searched = Date.parse("2026-06-01T00:05:00Z");

test("a region is as its worst part", () => {
  expect(regionPart(region("a", "ok", "ok"))).toBe("ok");
  expect(regionPart(region("a", "ok", "unknown"))).toBe("unknown");
  expect(regionPart(region("a", "wrong", "unknown"))).toBe("wrong");
});

test("regions are counted in words", () => {
  const [fine, open, wrong] = [
    region("eu-west-1", "ok", "ok"),
    region("eu-west-2", "ok", "unknown"),
    region("us-east-1", "wrong", "unknown"),
  ];
  expect(regionsWords([])).toBe("Which regions are watched is not known yet.");
  expect(regionsWords([fine])).toBe("The one region is watched.");
  expect(regionsWords([fine, fine])).toBe("All 2 regions are watched.");
  expect(regionsWords([fine, open, wrong])).toBe(
    "3 regions: 1 watched, 1 wrong, 1 without an event yet.",
  );
  expect(regionsInOrder([fine, open, wrong])).toEqual([wrong, open, fine]);
});

test("the search says how far it is and what it costs", () => {
  expect(scanWords(null)).toContain("has not begun");
  expect(scanWords(scan)).toBe("4 of 17 regions searched: 1 zombie found, $32.40 a month so far.");
  expect(scanWords({ ...scan, finishedAt: "2026-06-01T00:05:00Z", zombies: 0 })).toBe(
    "All 17 regions searched: nothing idle found.",
  );
  expect(scanCostWords(scan)).toBe("AWS charges you $0.03 for it (120 requests, 3,000 metrics).");
});

test("what could not be judged is said, too", () => {
  expect(notJudgedWords(scan)).toBeUndefined();
  expect(notJudgedWords({ ...scan, unjudged: { "region me-south-1": 1, idle_instance: 2 } })).toBe(
    "Could not be judged: 2 × idle instance, region me-south-1.",
  );
});

test("the stack is made anew for what it makes", () => {
  const found = (code: string) => isStackToBlame({ ...health, findings: [{ code, text: "" }] });
  expect(isStackToBlame(health)).toBe(false);
  expect(found("rules_missing")).toBe(true);
  expect(found("role_changed")).toBe(true);
  expect(found("trail_missing")).toBe(false);
});

test("health is settled once everything is known and searched", () => {
  expect(isSettled(health, searched)).toBe(true);
  expect(isSettled({ ...health, checkedAt: null }, searched)).toBe(false);
  expect(isSettled({ ...health, scan }, searched)).toBe(false);
});

test("a region in which nothing happens is waited for some minutes", () => {
  const quiet = { ...health, regions: [region("a", "ok", "unknown")] };
  expect(isSettled(quiet, searched + 9 * 60_000)).toBe(false);
  expect(isSettled(quiet, searched + 11 * 60_000)).toBe(true);
});

test("it is read often while somebody waits, and not for ever", () => {
  const at = (now: number) => ({ often: 3_000, since: searched, now });
  expect(readEvery(undefined, at(searched))).toBe(3_000);
  expect(readEvery({ ...health, scan }, at(searched))).toBe(3_000);
  expect(readEvery({ ...health, scan }, at(searched + 11 * 60_000))).toBe(15_000);
  expect(readEvery(health, at(searched))).toBe(15_000);
});

test("health is said in one sentence", () => {
  const finding = { code: "trail_missing", text: "There is no trail." };
  expect(healthWords({ ...health, checkedAt: null })).toContain("for the first time");
  expect(healthWords(health)).toBe("Everything that we looked at is as it should be.");
  expect(healthWords({ ...health, findings: [finding] })).toBe("1 thing is not as it should be.");
  expect(healthWords({ ...health, findings: [finding, finding] })).toBe(
    "2 things are not as they should be.",
  );
});
