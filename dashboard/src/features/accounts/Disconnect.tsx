import { DAYS_OF_GRACE, type Account } from "@/features/accounts/words";
import { count } from "@/format/words";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Dialog } from "@/ui/Dialog";
import { later } from "@/ui/later";
import { useState } from "react";

const DisconnectForm = later(
  async () => (await import("@/features/accounts/DisconnectForm")).DisconnectForm,
);

const HINT = `We stop watching this account, and delete what we know of it. There are ${count(DAYS_OF_GRACE, "day")} to think better of it.`;

/** The way out. */
export function Disconnect({ account }: { account: Account }) {
  const [isAsking, setIsAsking] = useState(false);
  const close = () => setIsAsking(false);
  return (
    <Card
      title="Disconnect"
      hint={HINT}
      aside={
        <Button look="danger" onClick={() => setIsAsking(true)}>
          Disconnect
        </Button>
      }
    >
      <Dialog title="Disconnect this account" open={isAsking} onClose={close}>
        <DisconnectForm account={account} onClose={close} />
      </Dialog>
    </Card>
  );
}
