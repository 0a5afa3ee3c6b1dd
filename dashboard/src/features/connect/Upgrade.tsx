import { taken } from "@/api/client";
import { useAct } from "@/api/act";
import { useGet } from "@/api/read";
import { money } from "@/format/money";
import { useSignedIn } from "@/session/SessionProvider";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";

/** The free plan is used up: what more costs, and where to get it. */
export function Upgrade({ why }: { why: string }) {
  const { api } = useSignedIn();
  const { body: billing } = useGet("/v1/billing");
  const { busy, act } = useAct();
  const checkout = () =>
    act(
      async () => {
        const { body } = await taken(api.POST("/v1/billing/checkout"));
        window.location.assign(body.url);
      },
      { failed: "We could not open the checkout." },
    );
  return (
    <Card title="One more account needs Pro" hint={why}>
      <div className="space-y-4">
        <p className="max-w-prose">
          It costs <strong>{billing ? money(billing.pricePerAccount) : "…"}</strong> an account and
          month: you pay for accounts that are watched, and for none that you disconnect. What you
          have set up stays as it is.
        </p>
        <div className="flex flex-wrap gap-2">
          <Button look="primary" busy={busy} onClick={checkout}>
            Upgrade to Pro
          </Button>
          <ButtonLink href="/dashboard/accounts">Your accounts</ButtonLink>
        </div>
      </div>
    </Card>
  );
}
