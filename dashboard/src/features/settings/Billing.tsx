import { useGet } from "@/api/read";
import { BillingNotice } from "@/features/settings/BillingNotice";
import { CheckoutNotice } from "@/features/settings/CheckoutNotice";
import { Plan } from "@/features/settings/Plan";
import { useCheckout } from "@/features/settings/useCheckout";
import { Card } from "@/ui/Card";
import { Failed, Skeleton } from "@/ui/states";

const POLL_MS = 2_000;
const LATER_MS = 30_000;

/** What somebody pays, and where it is changed. */
export function Billing() {
  const checkout = useCheckout();
  const { body, error, retry } = useGet("/v1/billing", undefined, {
    refreshInterval: (latest?: { body: { tier: string } }) =>
      checkout.isWaitedFor(latest?.body.tier) ? POLL_MS : LATER_MS,
    dedupingInterval: 1_000,
  });
  return (
    <div className="max-w-3xl space-y-5">
      <CheckoutNotice
        standing={checkout.standing(body?.tier)}
        waited={checkout.waited}
        onClose={checkout.close}
        retry={retry}
      />
      {body && <BillingNotice of={body} />}
      {body && <Plan of={body} />}
      {!body && (
        <Card title="Your plan">
          {error ? <Failed error={error} retry={retry} /> : <Skeleton className="h-44 w-full" />}
        </Card>
      )}
    </div>
  );
}
