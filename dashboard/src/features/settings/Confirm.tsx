import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { type ReactNode } from "react";

/** Asks before something is done that cannot be undone. */
export function Confirm({
  title,
  open,
  onClose,
  does,
  onConfirm,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  /** The word on the button that does it. */
  does: string;
  onConfirm: () => Promise<unknown>;
  children: ReactNode;
}) {
  const confirm = () => {
    onClose();
    void onConfirm();
  };
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <p className="text-sm">{children}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" onClick={confirm}>
          {does}
        </Button>
      </div>
    </Dialog>
  );
}
