import { HOUR, SNOOZES, type Action, type Detail } from "@/features/anomaly/optimistic";
import { Button } from "@/ui/Button";
import { Check, Clock, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";

const Asking = lazy(() => import("@/features/anomaly/Asking"));

/** What can be done about an anomaly. On a phone it stays at hand at the bottom. */
export function Actions({
  anomaly,
  busy,
  run,
}: {
  anomaly: Detail;
  busy: boolean;
  run: (action: Action) => Promise<void>;
}) {
  const [asks, setAsks] = useState<Action["kind"]>();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const ask = (kind: Action["kind"]) => {
    setAsks(kind);
    setOpen(true);
  };
  const answer = anomaly.answer?.answer;
  const runs = anomaly.status !== "resolved";
  const does = (action: Action) => {
    close();
    void run(action);
  };
  const notExpected = () => {
    // What takes an earlier answer back is asked about; what is only said is not.
    if (answer === "expected") ask("not_expected");
    else does({ kind: "not_expected" });
  };
  return (
    <section
      aria-label="Actions"
      className="fixed inset-x-0 bottom-14 z-30 space-y-2 border-t border-line bg-surface p-3 shadow-raised md:static md:space-y-3 md:rounded-xl md:border md:p-5"
    >
      <h2 className="hidden text-base font-semibold md:block">Was this expected?</h2>
      <div className="grid grid-cols-[1fr_1fr_auto] gap-2 md:grid-cols-2">
        <Button
          look="primary"
          className="px-2"
          aria-disabled={busy}
          onClick={() => ask("expected")}
        >
          <Check aria-hidden className="size-4 shrink-0" />
          {answer === "expected" ? "Expected for…" : "Expected"}
        </Button>
        <Button
          look="danger"
          className="px-2 whitespace-nowrap"
          aria-disabled={busy || answer === "not_expected"}
          onClick={notExpected}
        >
          <X aria-hidden className="size-4 shrink-0" />
          Not expected
        </Button>
        {runs && (
          <Button className="px-3 md:hidden" aria-disabled={busy} onClick={() => ask("snooze")}>
            Snooze
          </Button>
        )}
      </div>
      {runs && (
        <div className="hidden md:block" role="group" aria-labelledby="snooze">
          <p id="snooze" className="mb-1.5 flex items-center gap-1.5 text-sm text-muted">
            <Clock aria-hidden className="size-4" />
            Snooze for
          </p>
          <div className="grid grid-cols-4 gap-2">
            {SNOOZES.map((hours) => (
              <Button
                key={hours}
                className="px-1 whitespace-nowrap"
                aria-disabled={busy}
                onClick={() => does({ kind: "snooze", minutes: hours * HOUR })}
              >
                {hours} h
              </Button>
            ))}
            <Button className="px-1" aria-disabled={busy} onClick={() => ask("snooze")}>
              Other
            </Button>
          </div>
        </div>
      )}
      {asks && (
        <Suspense>
          <Asking asks={asks} open={open} anomaly={anomaly} onClose={close} run={does} />
        </Suspense>
      )}
    </section>
  );
}
