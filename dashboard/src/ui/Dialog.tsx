import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";

/** Asks for something above the page; Escape and a press beside it close it. */
export function Dialog({
  title,
  open,
  onClose,
  held = false,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  /** Only what stands inside closes it: for what is shown once. */
  held?: boolean;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (open && shown && !shown.open) {
      shown.showModal();
      // Who is asked for something can type it at once.
      shown.querySelector<HTMLElement>("input, select, textarea")?.focus();
    }
    if (!open) shown?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => {
        if (held) event.preventDefault();
      }}
      onKeyDown={(event) => {
        // A browser lets a second Escape through whatever is done about its cancelling.
        if (held && event.key === "Escape") event.preventDefault();
      }}
      onClick={(event) => {
        if (!held && event.target === dialog.current) onClose();
      }}
      className="m-auto w-[min(32rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/50"
    >
      {open && (
        <div className="p-5">
          <div className="mb-3 flex items-start justify-between gap-4">
            <h2 id={id} className="text-lg font-semibold">
              {title}
            </h2>
            {!held && (
              <button
                type="button"
                aria-label="Close"
                onClick={onClose}
                className="-m-1.5 rounded-lg p-2 text-muted hover:bg-sunken"
              >
                <X aria-hidden className="size-5" />
              </button>
            )}
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
