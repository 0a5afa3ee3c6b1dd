import {
  milestones,
  needsAnother,
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

test("a setup is begun where there is none, and begun anew where it is over", () => {
  const none = { setup: undefined, isGone: false };
  expect(needsAnother({}, none, before)).toBe(true);
  expect(needsAnother({ account: "111122223333" }, none, before)).toBe(false);
  expect(needsAnother({ setup: "01SETUP" }, none, before)).toBe(false);
  expect(needsAnother({ setup: "01SETUP" }, { ...none, isGone: true }, before)).toBe(true);
  expect(needsAnother({ setup: "01SETUP" }, { setup, isGone: false }, before)).toBe(false);
  expect(needsAnother({ setup: "01SETUP" }, { setup, isGone: false }, after)).toBe(true);
});

test("a setup is looked at until it is connected", () => {
  expect(pollEvery(undefined)).toBe(2_000);
  expect(pollEvery({ ...setup, stage: "refused" })).toBe(2_000);
  expect(pollEvery({ ...setup, stage: "connected" })).toBe(0);
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
