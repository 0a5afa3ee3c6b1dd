import {
  coveredWords,
  findingsWords,
  learningWords,
  nameOf,
  namesOf,
  statusOf,
  type Account,
} from "@/features/accounts/words";
import { expect, test } from "vitest";

const account: Account = {
  accountId: "111122223333",
  status: "active",
  mode: "strict",
  connectedAt: "2026-06-01T00:00:00Z",
  baselineMaturity: 35,
  daysLeftToLearn: 9,
  findings: 0,
};

test("an account is called by its name, else by its number", () => {
  expect(nameOf(account)).toBe("111122223333");
  expect(nameOf({ ...account, alias: "production" })).toBe("production");
  expect(nameOf({ ...account, alias: "" })).toBe("111122223333");
  const called = namesOf([{ ...account, alias: "production" }]);
  expect(called("111122223333")).toBe("production");
  expect(called("444455556666")).toBe("444455556666");
});

test("how an account stands", () => {
  expect(statusOf(account)).toEqual({ word: "Watched", tone: "good" });
  expect(statusOf({ ...account, status: "degraded" }).tone).toBe("warning");
  expect(learningWords(account)).toBe("9 days left");
  expect(learningWords({ ...account, daysLeftToLearn: 1 })).toBe("1 day left");
  expect(learningWords({ ...account, baselineMaturity: 100, daysLeftToLearn: 0 })).toBe("Over");
  expect(findingsWords(account)).toBe("Nothing wrong");
  expect(findingsWords({ ...account, findings: 2 })).toBe("2 findings");
});

test("what an expectation covers", () => {
  const expectation = {
    id: "1",
    by: "ana",
    expiresAt: "2026-07-01T00:00:00Z",
    maxHourly: { amount: "1", currency: "USD" },
  };
  expect(coveredWords(expectation)).toBe("Anything by anybody");
  expect(
    coveredWords({ ...expectation, resourceType: "m5.large", region: "eu-west-1", actor: "ben" }),
  ).toBe("m5.large in eu-west-1 by ben");
});
