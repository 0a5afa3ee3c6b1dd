import { type components } from "@/api/schema";

type Billing = components["schemas"]["Billing"];

/** How somebody stands with us. */
export type BillingStanding =
  /** One account, for nothing. */
  | "free"
  /** Paid. */
  | "pro"
  /** Paid, and over at the period's end. */
  | "ending"
  /** On Pro, and a payment is missing. */
  | "unpaid"
  /** A payment was missing for too long: free again, with accounts that are paused. */
  | "lapsed"
  /** The first payment is not through yet. */
  | "begun";

/** How somebody stands, from what the API says. */
export function standingOf(billing: Billing): BillingStanding {
  const { tier, status, paymentFailedAt, cancelAtPeriodEnd } = billing;
  if (tier === "pro") {
    if (paymentFailedAt) return "unpaid";
    return cancelAtPeriodEnd ? "ending" : "pro";
  }
  // What is unpaid at Stripe still runs there: it is mended there, not begun once more.
  if (paymentFailedAt || status === "past_due" || status === "unpaid") return "lapsed";
  return status === "incomplete" ? "begun" : "free";
}

/** Where paying is changed: at the portal, at the till for a first time, or nowhere just now. */
export type Offer = "portal" | "upgrade" | "nothing";

/** What somebody is offered: never a second subscription beside one that runs or has begun. */
export function offerOf(billing: Billing): Offer {
  const running = ["active", "trialing", "past_due", "unpaid", "paused"];
  if (running.includes(billing.status ?? "")) return "portal";
  return standingOf(billing) === "begun" ? "nothing" : "upgrade";
}

/** Whether the free plan is used up: one more account needs Pro. */
export function isUsedUp({ accounts, accountsAllowed }: Billing): boolean {
  return typeof accountsAllowed === "number" && accounts >= accountsAllowed;
}

/** Until when it is paid, or when it ends; nothing where a payment is missing: then that is not known. */
export function paidWords({
  tier,
  periodEnd,
  paymentFailedAt,
  cancelAtPeriodEnd,
}: Billing): { name: string; at: string } | undefined {
  if (tier !== "pro" || !periodEnd || paymentFailedAt) return undefined;
  return { name: cancelAtPeriodEnd ? "Ends" : "Paid until", at: periodEnd };
}

/** How many accounts are watched, of how many. */
export function accountsWords({ accounts, accountsAllowed }: Billing): string {
  if (accountsAllowed === null || accountsAllowed === undefined) return `${accounts} watched`;
  return `${accounts} of ${accountsAllowed} watched`;
}

/** Days after which accounts beyond the first are paused if a payment stays missing. */
export const DAYS_UNTIL_FREE = 8;

/** When that is. */
export function pausedFrom(paymentFailedAt: string): string {
  const days = DAYS_UNTIL_FREE * 24 * 60 * 60 * 1000;
  return new Date(Date.parse(paymentFailedAt) + days).toISOString();
}

/** Where somebody is who comes back from the till. */
export type Checkout =
  /** He does not come from there. */
  | "none"
  /** He paid nothing. */
  | "cancelled"
  /** He paid; we have not heard of it yet. */
  | "waiting"
  /** We should have heard of it by now. */
  | "late"
  /** He is on Pro. */
  | "done";

/** Seconds that the word of a payment may take. */
export const PATIENCE_S = 60;

/** From `?checkout=…`, his tier, and how long he has waited. */
export function checkoutOf(
  asked: string | string[] | undefined,
  tier: string | undefined,
  waitedSeconds: number,
): Checkout {
  if (asked === "cancelled") return "cancelled";
  if (asked !== "done") return "none";
  if (tier === "pro") return "done";
  return waitedSeconds < PATIENCE_S ? "waiting" : "late";
}
