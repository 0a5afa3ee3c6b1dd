import { type Body } from "@/api/read";
import { offerOf, type Offer } from "@/features/settings/billingStanding";
import { Portal, Upgrade } from "@/features/settings/Portal";
import { money } from "@/format/money";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Skeleton } from "@/ui/states";
import { type ReactNode } from "react";

/** The free plan is used up: what more costs, or what is missing, and where to go. */
export function NeedsPro({ billing }: { billing: Body<"/v1/billing"> | undefined }) {
  if (!billing) {
    return (
      <Card title="One more account needs Pro">
        <Skeleton className="h-28 w-full" />
      </Card>
    );
  }
  return <Said billing={billing} offer={offerOf(billing)} />;
}

function Said({ billing, offer }: { billing: Body<"/v1/billing">; offer: Offer }) {
  switch (offer) {
    case "upgrade":
      return (
        <Way
          title="One more account needs Pro"
          hint="The free plan watches one account; Pro watches any number."
          action={<Upgrade>Upgrade to Pro</Upgrade>}
        >
          It costs <strong>{money(billing.pricePerAccount)}</strong> an account and month: you pay
          for accounts that are watched, and for none that you disconnect. What you have set up
          stays as it is.
        </Way>
      );
    case "portal":
      return (
        <Way
          title="A payment is missing"
          hint="Until it is made one account is watched."
          action={<Portal look="primary">Mend it at Stripe</Portal>}
        >
          You have a subscription already, and nothing is paid twice: mend the payment at Stripe,
          and this account can be connected. What you have set up stays as it is.
        </Way>
      );
    case "nothing":
      return (
        <Way
          title="Your first payment is not through yet"
          hint="Until then one account is watched."
        >
          As soon as we hear of it you are on Pro, and this page goes on. Do not pay twice.
        </Way>
      );
  }
}

function Way({
  title,
  hint,
  action,
  children,
}: {
  title: string;
  hint: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card title={title} hint={hint}>
      <div className="space-y-4">
        <p className="max-w-prose">{children}</p>
        <div className="flex flex-wrap gap-2">
          {action}
          <ButtonLink href="/dashboard/accounts">Your accounts</ButtonLink>
        </div>
      </div>
    </Card>
  );
}
