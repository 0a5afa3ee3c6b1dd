import { PATIENCE_S, type Checkout } from "@/features/settings/billingStanding";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Progress } from "@/ui/Progress";

/** What became of paying. */
export function CheckoutNotice({
  standing,
  waited,
  onClose,
  retry,
}: {
  standing: Checkout;
  waited: number;
  onClose: () => void;
  retry: () => void;
}) {
  const close = <Button onClick={onClose}>Good</Button>;
  if (standing === "none") return null;
  if (standing === "cancelled") {
    return (
      <Banner tone="neutral" title="Nothing was paid" action={close}>
        You left before the end. All stays as it was.
      </Banner>
    );
  }
  if (standing === "done") {
    return (
      <Banner tone="good" title="You are on Pro" action={close}>
        Connect as many accounts as you like. Each that is watched counts.
      </Banner>
    );
  }
  if (standing === "late") {
    return (
      <Banner
        tone="warning"
        title="We have not heard of your payment yet"
        action={<Button onClick={retry}>Look again</Button>}
      >
        That is rare, and nothing is lost: we go on listening, and you may leave this page. If you
        are still on the free plan in ten minutes, write to us; do not pay twice.
      </Banner>
    );
  }
  return (
    <Banner tone="info" title="Thank you. We are waiting to hear of your payment">
      Mostly that takes a few seconds.
      <div className="mt-2">
        <Progress
          label="Waiting for the word of your payment"
          percent={(100 * waited) / PATIENCE_S}
        />
      </div>
    </Banner>
  );
}
