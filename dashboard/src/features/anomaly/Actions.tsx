import { ExpectedDialog, NotExpectedDialog, SnoozeDialog } from "@/features/anomaly/dialogs";
import { type Action, type Detail } from "@/features/anomaly/optimistic";
import { Button } from "@/ui/Button";
import { Check, Clock, X } from "lucide-react";
import { useState } from "react";

const HOUR = 60;
const SNOOZES = [1, 4, 24] as const;

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
  const close = () => setAsks(undefined);
  const answer = anomaly.answer?.answer;
  const does = (action: Action) => {
    close();
    void run(action);
  };
  const notExpected = () => {
    // What takes an earlier answer back is asked about; what is only said is not.
    if (answer === "expected") setAsks("not_expected");
    else does({ kind: "not_expected" });
  };
  return (
    <section
      aria-label="Actions"
      className="fixed inset-x-0 bottom-14 z-30 space-y-2 border-t border-line bg-surface p-3 shadow-raised md:static md:space-y-3 md:rounded-xl md:border md:p-5"
    >
      <h2 className="sr-only text-base font-semibold md:not-sr-only">Was this expected?</h2>
      <div className="grid grid-cols-2 gap-2">
        <Button look="primary" disabled={busy} onClick={() => setAsks("expected")}>
          <Check aria-hidden className="size-4" />
          {answer === "expected" ? "Expected for…" : "Expected"}
        </Button>
        <Button look="danger" disabled={busy || answer === "not_expected"} onClick={notExpected}>
          <X aria-hidden className="size-4" />
          Not expected
        </Button>
      </div>
      {anomaly.status !== "resolved" && (
        <div className="flex items-center gap-1" role="group" aria-label="Snooze">
          <span className="flex items-center gap-1.5 text-sm text-muted">
            <Clock aria-hidden className="size-4" />
            Snooze
          </span>
          <div className="ml-auto flex gap-1">
            {SNOOZES.map((hours) => (
              <Button
                key={hours}
                className="px-2.5"
                disabled={busy}
                aria-label={`Snooze for ${hours} ${hours === 1 ? "hour" : "hours"}`}
                onClick={() => does({ kind: "snooze", minutes: hours * HOUR })}
              >
                {hours} h
              </Button>
            ))}
            <Button className="px-2.5" disabled={busy} onClick={() => setAsks("snooze")}>
              Other
            </Button>
          </div>
        </div>
      )}
      <ExpectedDialog anomaly={anomaly} open={asks === "expected"} onClose={close} run={does} />
      <NotExpectedDialog open={asks === "not_expected"} onClose={close} run={does} />
      <SnoozeDialog open={asks === "snooze"} onClose={close} run={does} />
    </section>
  );
}
