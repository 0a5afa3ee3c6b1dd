// Facts that are the server's, and stand in texts and sums here: held against the place where it has them.

import { DAYS_OF_GRACE } from "@/features/accounts/words";
import { MOST_WEEKS, PARTLY } from "@/features/anomaly/arithmetic";
import { PRO_PRICE } from "@/features/landing/proPrice";
import { DAYS_UNTIL_FREE } from "@/features/settings/billingStanding";
import { HOURS_BETWEEN } from "@/features/zombies/scan";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const SHARED = new URL("../../../shared/", import.meta.url);

/** The numbers that a file has where a pattern says, such as `1_900`. */
function numbersOf(file: string, pattern: RegExp): number[] {
  const text = readFileSync(new URL(file, SHARED), "utf8");
  const found = pattern.exec(text);
  expect(found, `${String(pattern)} in ${file}`).not.toBeNull();
  return (found ?? []).slice(1).map((number) => Number(number.replaceAll("_", "")));
}

test("days after which accounts are paused", () => {
  const [days] = numbersOf("domain/src/plan.rs", /const DOWNGRADE: u8 = (\d+);/);
  expect(DAYS_UNTIL_FREE).toBe(days);
});

test("the price of Pro", () => {
  const [cents = 0] = numbersOf(
    "domain/src/plan.rs",
    /fn price_per_account\(\) -> Usd \{\s*Usd::from_cents\(([\d_]+)\)/,
  );
  expect(PRO_PRICE).toBe(`$${cents / 100}`);
});

test("hours between two searches", () => {
  const [days = 0, hours = 0] = numbersOf(
    "pipeline/src/onboarding/scan.rs",
    /const WEEK: SignedDuration = SignedDuration::from_hours\((\d+) \* (\d+)\);/,
  );
  expect(HOURS_BETWEEN).toBe(days * hours);
});

test("what is left of a score that was partly expected", () => {
  const [hundredths = 0] = numbersOf(
    "domain/src/policy.rs",
    /PARTLY_EXPECTED: Millionths = Millionths::hundredths\((\d+)\);/,
  );
  expect(PARTLY).toBe(hundredths / 100);
});

test("weeks beyond which nothing is told apart", () => {
  const [millionths = 0] = numbersOf(
    "domain/src/channels/calibration.rs",
    /const MOST_WEEKS: Millionths = Millionths\(([\d_]+)\);/,
  );
  expect(MOST_WEEKS).toBe(millionths / 1_000_000);
});

test("days in which disconnecting can be taken back", () => {
  const [hours = 0] = numbersOf("pipeline/policy.json", /"grace_hours": (\d+)/);
  expect(DAYS_OF_GRACE * 24).toBe(hours);
});
