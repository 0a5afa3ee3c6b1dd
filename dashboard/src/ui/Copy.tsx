import { Button } from "@/ui/Button";
import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";

const SHOWN_MS = 2_000;

/** Copies a text, and says that it did. */
export function Copy({ text, label = "Copy" }: { text: string; label?: string }) {
  const [done, setDone] = useState<boolean>();
  const copy = async () => {
    setDone(
      await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      ),
    );
    setTimeout(() => setDone(undefined), SHOWN_MS);
  };
  return (
    <Button look="quiet" onClick={copy} className="min-h-8 px-2 py-1 text-xs">
      {done ? (
        <Check aria-hidden className="size-4" />
      ) : (
        <CopyIcon aria-hidden className="size-4" />
      )}
      <span aria-live="polite">
        {done === undefined ? label : done ? "Copied" : "Select it by hand"}
      </span>
    </Button>
  );
}
