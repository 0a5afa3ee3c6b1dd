import { useGet } from "@/api/read";
import { BillingNotice } from "@/features/settings/BillingNotice";
import { CheckoutNotice } from "@/features/settings/CheckoutNotice";
import { Plan } from "@/features/settings/Plan";
import { useCheckout } from "@/features/settings/useCheckout";
import { Card } from "@/ui/Card";
import { Failed, Skeleton } from "@/ui/states";
import { useCallback } from "react";

const POLL_MS = 2_000;
const LATER_MS = 30_000;

/** What somebody pays, and where it is changed. */
export function Billing() {
  const checkout = useCheckout();
  const { isPatient } = checkout;
  // One function as long as it says the same: the clock begins anew with each other one.
  const refreshInterval = useCallback(
    (latest?: { body: { tier: string } }) =>
      isPatient && latest?.body.tier !== "pro" ? POLL_MS : LATER_MS,
    [isPatient],
  );
  const { body, error, retry } = useGet("/v1/billing", undefined, {
    refreshInterval,
    dedupingInterval: 1_000,
  });
  const standing = checkout.standing(body?.tier);
  return (
    <div className="max-w-3xl space-y-5">
      <CheckoutNotice
        standing={standing}
        waited={checkout.waited}
        onClose={checkout.close}
        retry={retry}
      />
      {body && <BillingNotice of={body} />}
      {body && <Plan of={body} paying={standing === "waiting" || standing === "late"} />}
      {!body && (
        <Card title="Your plan">
          {error ? <Failed error={error} retry={retry} /> : <Skeleton className="h-44 w-full" />}
        </Card>
      )}
    </div>
  );
}
