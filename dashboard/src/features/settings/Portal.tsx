import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { type ReactNode } from "react";

/** Leads to Stripe, where cards, invoices and the end of a subscription are. */
export function Portal({ look, children }: { look: "primary" | "secondary"; children: ReactNode }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const go = async () => {
    const { body } = await taken(api.POST("/v1/billing/portal"));
    window.location.assign(body.url);
  };
  return (
    <Button look={look} busy={busy} onClick={() => act(go, { failed: "Stripe did not open." })}>
      {children}
    </Button>
  );
}

/** Leads to Stripe, where somebody pays for the first time. */
export function Upgrade({ children }: { children: ReactNode }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const go = async () => {
    const { body } = await taken(api.POST("/v1/billing/checkout"));
    window.location.assign(body.url);
  };
  return (
    <Button look="primary" busy={busy} onClick={() => act(go, { failed: "Stripe did not open." })}>
      {children}
    </Button>
  );
}
