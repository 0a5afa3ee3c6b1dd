import { type AccountNames } from "@/features/anomalies/accountNames";
import { type Anomaly } from "@/features/anomalies/anomaly";
import { AnomalyRow } from "@/features/anomalies/AnomalyRow";
import { useArrangement } from "@/features/anomalies/useArrangement";
import { count } from "@/format/words";
import { Button } from "@/ui/Button";
import { ArrowUp } from "lucide-react";

/** Anomalies, the newest first. What comes while somebody reads further down waits to be asked for. */
export function AnomalyList({
  anomalies,
  accounts,
}: {
  anomalies: readonly Anomaly[];
  accounts: AccountNames;
}) {
  const { rows, arrived, waiting, showWaiting } = useArrangement(anomalies);
  return (
    <div>
      <div
        aria-live="polite"
        className="pointer-events-none sticky top-3 z-30 flex h-0 justify-center"
      >
        {waiting > 0 && (
          <Button
            look="primary"
            onClick={showWaiting}
            className="pointer-events-auto h-10 rounded-full shadow-lg"
          >
            <ArrowUp aria-hidden className="size-4" />
            {`${waiting} new`}
          </Button>
        )}
        {arrived.size > 0 && (
          <span className="sr-only">{`${count(arrived.size, "new anomaly", "new anomalies")}.`}</span>
        )}
      </div>
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface shadow-raised">
        {rows.map((anomaly) => (
          <li key={anomaly.id}>
            <AnomalyRow
              anomaly={anomaly}
              account={accounts.nameOf(anomaly.accountId)}
              isNew={arrived.has(anomaly.id)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
