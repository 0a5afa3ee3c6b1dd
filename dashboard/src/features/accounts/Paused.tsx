import { Banner } from "@/ui/Banner";
import { ButtonLink } from "@/ui/Button";

/** It is not paid for. */
export function Paused() {
  return (
    <Banner
      tone="warning"
      title="This account is paused"
      action={<ButtonLink href="/dashboard/settings/billing">To billing</ButtonLink>}
    >
      The free plan watches fewer accounts than you have. Nothing is deleted; it goes on once you
      are on Pro.
    </Banner>
  );
}
