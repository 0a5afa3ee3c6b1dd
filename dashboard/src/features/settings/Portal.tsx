import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { type ReactNode } from "react";
import { useSWRConfig } from "swr";

/** Leads to Stripe, where cards, invoices and the end of a subscription are. */
export function Portal({ look, children }: { look: "primary" | "secondary"; children: ReactNode }) {
  return (
    <AtStripe route="/v1/billing/portal" look={look}>
      {children}
    </AtStripe>
  );
}

/** Leads to Stripe, where somebody pays for the first time. */
export function Upgrade({ children }: { children: ReactNode }) {
  return (
    <AtStripe route="/v1/billing/checkout" look="primary">
      {children}
    </AtStripe>
  );
}

function AtStripe({
  route,
  look,
  children,
}: {
  route: "/v1/billing/portal" | "/v1/billing/checkout";
  look: "primary" | "secondary";
  children: ReactNode;
}) {
  const { api } = useSignedIn();
  const { mutate } = useSWRConfig();
  const { busy, act } = useAct();
  const go = async () => {
    const { body } = await taken(api.POST(route));
    window.location.assign(body.url);
  };
  const press = async () => {
    const isOpen = await act(go, { failed: "Stripe did not open." });
    // What was offered may be out of date: the page shows what is so now.
    if (!isOpen) void mutate((key) => Array.isArray(key) && key[0] === "/v1/billing");
  };
  return (
    <Button look={look} busy={busy} onClick={press}>
      {children}
    </Button>
  );
}
