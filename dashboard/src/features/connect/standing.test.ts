import {
  isOver,
  milestones,
  pollEvery,
  standingOf,
  type Setup,
  type SetupStanding,
} from "@/features/connect/standing";
import { expect, test } from "vitest";

const setup: Setup = {
  setupId: "01SETUP",
  stage: "waiting",
  externalId: "6f0e2a9c-3f0e-4f3e-9a60-1c8f0a6e2b11",
  quickCreateUrl: "https://console.aws.amazon.com/",
  expiresAt: "2026-06-02T00:00:00Z",
  findings: [],
  ourAccountId: "444455556666",
};
const before = Date.parse("2026-06-01T00:00:00Z");
const after = Date.parse("2026-06-03T00:00:00Z");

test("a link is over only while one is needed", () => {
  const stages: [Setup["stage"], SetupStanding][] = [
    ["waiting", "expired"],
    ["refused", "expired"],
    ["checking", "checking"],
    ["connected", "connected"],
  ];
  for (const [stage, late] of stages) {
    expect(standingOf({ ...setup, stage }, before)).toBe(stage);
    expect(standingOf({ ...setup, stage }, after)).toBe(late);
  }
});

test("a setup is of no use once its link is over; one that was kept, once it is connected", () => {
  const connected: Setup = { ...setup, stage: "connected" };
  expect(isOver(setup, before, false)).toBe(false);
  expect(isOver(setup, after, false)).toBe(true);
  expect(isOver(setup, before, true)).toBe(false);
  expect(isOver(connected, after, false)).toBe(false);
  expect(isOver(connected, before, true)).toBe(true);
});

test("a setup is looked at until it is connected or its link is over", () => {
  expect(pollEvery(undefined, before)).toBe(2_000);
  expect(pollEvery({ ...setup, stage: "refused" }, before)).toBe(2_000);
  expect(pollEvery({ ...setup, stage: "connected" }, before)).toBe(0);
  expect(pollEvery(setup, after)).toBe(0);
});

test("milestones go from the stack to the connection", () => {
  const signs = (standing: SetupStanding, opened = true) =>
    milestones(standing, opened).map(({ sign }) => sign);
  expect(signs("waiting", false)).toEqual(["open", "open", "open"]);
  expect(signs("waiting")).toEqual(["running", "open", "open"]);
  expect(signs("checking")).toEqual(["good", "running", "open"]);
  expect(signs("refused")).toEqual(["good", "wrong", "open"]);
  expect(signs("connected")).toEqual(["good", "good", "good"]);
});
