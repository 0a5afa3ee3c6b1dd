import { type Body } from "@/api/read";
import { pausedFrom, standingOf } from "@/features/settings/billingStanding";
import { Portal } from "@/features/settings/Portal";
import { day } from "@/format/time";
import { Banner } from "@/ui/Banner";

/** What must not be missed about paying. */
export function BillingNotice({ of }: { of: Body<"/v1/billing"> }) {
  const standing = standingOf(of);
  if (standing === "unpaid" && of.paymentFailedAt) {
    return (
      <Banner
        tone="critical"
        title="A payment has failed"
        action={<Portal look="primary">Mend it at Stripe</Portal>}
      >
        Since {day(of.paymentFailedAt)}. If it stays so, accounts beyond the first are paused around{" "}
        {day(pausedFrom(of.paymentFailedAt))}. Nothing is deleted.
      </Banner>
    );
  }
  if (standing === "lapsed") {
    return (
      <Banner
        tone="critical"
        title="You are back on the free plan: a payment is missing"
        action={<Portal look="primary">Mend it at Stripe</Portal>}
      >
        Accounts beyond the first are paused: nothing of them is told. Nothing was deleted, and they
        go on once it is paid.
      </Banner>
    );
  }
  if (standing === "ending" && of.periodEnd) {
    return (
      <Banner
        tone="warning"
        title={`Pro ends on ${day(of.periodEnd)}`}
        action={<Portal look="secondary">Keep Pro</Portal>}
      >
        From then on one account is watched, and the others are paused. Nothing is deleted.
      </Banner>
    );
  }
  if (standing === "begun") {
    return (
      <Banner tone="info" title="Your first payment is not through yet">
        As soon as we hear of it, you are on Pro.
      </Banner>
    );
  }
  return null;
}
