import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { type ReactNode } from "react";

/** Shows what is shown once: only saying that it is kept closes it. */
export function ShownOnce({
  title,
  open,
  onKept,
  children,
}: {
  title: string;
  open: boolean;
  onKept: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} open={open} onClose={onKept} held>
      <div className="space-y-4 text-sm">
        {children}
        <Button look="primary" className="w-full" onClick={onKept}>
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
