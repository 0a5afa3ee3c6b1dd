import { asApiError } from "@/api/problem";
import { classes } from "@/ui/classes";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

interface Toast {
  readonly id: number;
  readonly good: boolean;
  readonly text: string;
}

interface Toasting {
  /** Says that something was done. */
  readonly done: (text: string) => void;
  /** Says that something could not be done, and why. */
  readonly failed: (what: string, error: unknown) => void;
}

const Context = createContext<Toasting>({ done: () => undefined, failed: () => undefined });

const SHOWN_MS = 6_000;
const MAX_SHOWN = 3;
let last = 0;

/** Short words about what was just done, in a corner. */
export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const drop = useCallback((id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }, []);
  const toasting = useMemo(() => {
    const add = (good: boolean, text: string) => {
      const id = (last += 1);
      setToasts((all) => [...fewer(all), { id, good, text }]);
      // What went wrong stays until it was read.
      if (good) setTimeout(() => drop(id), SHOWN_MS);
    };
    return {
      done: (text: string) => add(true, text),
      failed: (what: string, error: unknown) => add(false, `${what} ${asApiError(error).message}`),
    };
  }, [drop]);
  return (
    <Context value={toasting}>
      {children}
      <div className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 md:bottom-6 md:items-end">
        {/* Both are there from the beginning: what is put into them is read aloud. */}
        <div role="alert" className="contents">
          {toasts
            .filter(({ good }) => !good)
            .map((toast) => (
              <Said key={toast.id} toast={toast} drop={drop} />
            ))}
        </div>
        <div role="status" className="contents">
          {toasts
            .filter(({ good }) => good)
            .map((toast) => (
              <Said key={toast.id} toast={toast} drop={drop} />
            ))}
        </div>
      </div>
    </Context>
  );
}

function Said({ toast: { id, good, text }, drop }: { toast: Toast; drop: (id: number) => void }) {
  const Icon = good ? CircleCheck : CircleAlert;
  return (
    <div className="pointer-events-auto flex max-w-md items-start gap-3 rounded-xl border border-line bg-surface p-3 text-sm shadow-lg">
      <Icon
        aria-hidden
        className={classes("mt-0.5 size-4 shrink-0", good ? "text-good" : "text-critical")}
      />
      <p className={classes("flex-1", !good && "text-critical")}>{text}</p>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => drop(id)}
        className="-m-1 p-1 text-muted hover:text-ink"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}

/** Room for one more: what was done goes before what failed. */
function fewer(toasts: Toast[]): Toast[] {
  if (toasts.length < MAX_SHOWN) return toasts;
  const oldest = toasts.find(({ good }) => good) ?? toasts[0];
  return toasts.filter((toast) => toast !== oldest);
}

/** Says what was done and what could not be. */
export function useToasts(): Toasting {
  return useContext(Context);
}
