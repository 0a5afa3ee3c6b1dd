import { type Body } from "@/api/read";
import { accountsWords, offerOf, paidWords } from "@/features/settings/billingStanding";
import { Portal, Upgrade } from "@/features/settings/Portal";
import { money } from "@/format/money";
import { day } from "@/format/time";
import { plain } from "@/format/words";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { Fact } from "@/ui/Facts";

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
  const paid = paidWords(of);
  const offer = offerOf(of);
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
        {paid && <Fact name={paid.name}>{day(paid.at)}</Fact>}
        {of.status && of.status !== "active" && (
          <Fact name="At Stripe it is">{plain(of.status)}</Fact>
        )}
      </dl>
      {(offer === "portal" || (offer === "upgrade" && !paying)) && (
        <div className="mt-6 border-t border-line pt-5">
          {offer === "portal" ? <Managed /> : <Offered price={price} />}
        </div>
      )}
    </Card>
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

function Offered({ price }: { price: string }) {
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
