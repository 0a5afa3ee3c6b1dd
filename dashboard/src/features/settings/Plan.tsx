import { type Body } from "@/api/read";
import { accountsWords, isSubscribed } from "@/features/settings/billingStanding";
import { Portal, Upgrade } from "@/features/settings/Portal";
import { money } from "@/format/money";
import { day } from "@/format/time";
import { plain } from "@/format/words";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { type ReactNode } from "react";

type BillingView = Body<"/v1/billing">;

/** The plan, what it costs, and where it is changed. */
export function Plan({
  of,
  paying,
}: {
  of: BillingView;
  /** He has paid and we have not heard of it: nothing is offered that would be paid twice. */
  paying: boolean;
}) {
  const isPro = of.tier === "pro";
  const price = money(of.pricePerAccount);
  return (
    <Card
      title="Your plan"
      aside={<Badge tone={isPro ? "good" : "neutral"}>{isPro ? "Pro" : "Free"}</Badge>}
    >
      <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <Fact name="Accounts">{accountsWords(of)}</Fact>
        <Fact name="Price">
          {isPro ? `${price} for each watched account and month` : "Free, for one account"}
        </Fact>
        {isPro && of.periodEnd && (
          <Fact name={of.cancelAtPeriodEnd ? "Ends" : "Paid until"}>{day(of.periodEnd)}</Fact>
        )}
        {of.status && of.status !== "active" && (
          <Fact name="At Stripe it is">{plain(of.status)}</Fact>
        )}
      </dl>
      {!(paying && !isSubscribed(of)) && (
        <div className="mt-6 border-t border-line pt-5">
          {isSubscribed(of) ? <Managed /> : <Offer price={price} />}
        </div>
      )}
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function Managed() {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="flex-1 basis-72 text-sm text-muted">
        Cards, invoices and the end of Pro are at Stripe. What you pay follows the number of watched
        accounts by itself.
      </p>
      <Portal look="secondary">Manage at Stripe</Portal>
    </div>
  );
}

function Offer({ price }: { price: string }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="flex-1 basis-72 text-sm text-muted">
        <strong className="font-semibold text-ink">Pro watches any number of accounts</strong> for{" "}
        {price} each and month. Disconnect one, and you no longer pay for it.
      </p>
      <Upgrade>Upgrade to Pro</Upgrade>
    </div>
  );
}
