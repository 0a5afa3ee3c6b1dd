import {
  accountsWords,
  checkoutOf,
  isUsedUp,
  offerOf,
  paidWords,
  PATIENCE_S,
  pausedFrom,
  standingOf,
} from "@/features/settings/billingStanding";
import { describe, expect, test } from "vitest";

const FREE = {
  tier: "free",
  accounts: 1,
  accountsAllowed: 1,
  pricePerAccount: { amount: "19", currency: "USD" },
  cancelAtPeriodEnd: false,
};
const PRO = { ...FREE, tier: "pro", accountsAllowed: null, status: "active", accounts: 3 };
const FAILED = { paymentFailedAt: "2026-06-01T08:00:00Z", status: "past_due" };

describe("how somebody stands", () => {
  test.each([
    ["free", FREE],
    ["free", { ...FREE, status: "canceled" }],
    ["pro", PRO],
    ["ending", { ...PRO, cancelAtPeriodEnd: true }],
    ["unpaid", { ...PRO, ...FAILED }],
    ["unpaid", { ...PRO, ...FAILED, cancelAtPeriodEnd: true }],
    ["lapsed", { ...FREE, ...FAILED }],
    ["lapsed", { ...FREE, status: "unpaid" }],
    ["begun", { ...FREE, status: "incomplete" }],
  ])("%s", (standing, billing) => {
    expect(standingOf(billing)).toBe(standing);
  });

  test("what runs at Stripe is changed there and not begun again", () => {
    expect(offerOf(PRO)).toBe("portal");
    expect(offerOf({ ...FREE, ...FAILED })).toBe("portal");
    expect(offerOf({ ...FREE, status: "incomplete" })).toBe("nothing");
    expect(offerOf(FREE)).toBe("upgrade");
    expect(offerOf({ ...FREE, status: "canceled" })).toBe("upgrade");
  });

  test("until when it is paid is said only where it is paid", () => {
    const periodEnd = "2026-07-01T00:00:00Z";
    const paid = { ...PRO, periodEnd };
    expect(paidWords(paid)).toEqual({ name: "Paid until", at: periodEnd });
    expect(paidWords({ ...paid, cancelAtPeriodEnd: true })?.name).toBe("Ends");
    expect(paidWords({ ...paid, ...FAILED })).toBeUndefined();
    expect(paidWords({ ...FREE, periodEnd })).toBeUndefined();
    expect(paidWords(PRO)).toBeUndefined();
  });

  test("the free plan is used up by its accounts, Pro never", () => {
    expect(isUsedUp(FREE)).toBe(true);
    expect(isUsedUp({ ...FREE, accounts: 0 })).toBe(false);
    expect(isUsedUp(PRO)).toBe(false);
  });

  test("accounts, of how many", () => {
    expect(accountsWords(FREE)).toBe("1 of 1 watched");
    expect(accountsWords(PRO)).toBe("3 watched");
  });

  test("accounts are paused on the eighth day", () => {
    expect(pausedFrom("2026-06-01T08:00:00Z")).toBe("2026-06-09T08:00:00.000Z");
  });
});

describe("back from the till", () => {
  test.each([
    [undefined, "free", 0, "none"],
    ["nonsense", "free", 0, "none"],
    ["cancelled", "free", 0, "cancelled"],
    ["done", "free", 0, "waiting"],
    ["done", undefined, 3, "waiting"],
    ["done", "free", PATIENCE_S, "late"],
    ["done", "pro", PATIENCE_S, "done"],
  ] as const)("%s as %s after %d s is %s", (asked, tier, waited, checkout) => {
    expect(checkoutOf(asked, tier, waited)).toBe(checkout);
  });
});
