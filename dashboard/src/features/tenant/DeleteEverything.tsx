import { DeleteForm } from "@/features/tenant/DeleteForm";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Dialog } from "@/ui/Dialog";
import { useState } from "react";

const HINT =
  "All accounts, people, keys and settings of your team. There are two days to think better of it.";

/** The way out for all of a team. */
export function DeleteEverything() {
  const [isAsking, setIsAsking] = useState(false);
  const close = () => setIsAsking(false);
  return (
    <Card
      title="Delete everything"
      hint={HINT}
      aside={<Button onClick={() => setIsAsking(true)}>Delete everything</Button>}
    >
      <Dialog title="Delete everything?" open={isAsking} onClose={close}>
        <DeleteForm onClose={close} />
      </Dialog>
    </Card>
  );
}
