import { checkoutOf, PATIENCE_S, type Checkout } from "@/features/settings/billingStanding";
import { useRouter } from "next/router";
import { useEffect, useState } from "react";

/** Whether somebody comes back from paying, and how long he has waited since. */
export function useCheckout() {
  const { query, pathname, replace } = useRouter();
  const asked = query.checkout;
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    if (asked !== "done") return;
    const timer = setInterval(
      () => setWaited((seconds) => Math.min(seconds + 1, PATIENCE_S)),
      1000,
    );
    return () => clearInterval(timer);
  }, [asked]);
  const standing = (tier: string | undefined): Checkout => checkoutOf(asked, tier, waited);
  return {
    waited,
    standing,
    /** Whether the word of a payment may still come. */
    isPatient: standing(undefined) === "waiting",
    close: () => void replace(pathname, undefined, { shallow: true }),
  };
}
