import { usePages } from "@/api/read";
import { useAccountNames } from "@/features/anomalies/accountNames";
import { AuditEntry } from "@/features/audit/AuditEntry";
import { byDay } from "@/features/audit/entries";
import { Card } from "@/ui/Card";
import { LoadMore } from "@/ui/LoadMore";
import { Empty, Failed, Skeleton } from "@/ui/states";
import { ScrollText } from "lucide-react";

/** Who changed what, day by day, the newest first. */
export function Audit() {
  const pages = usePages("/v1/audit", undefined, { refreshInterval: 15_000 });
  const { nameOf } = useAccountNames();
  const { items, error, retry } = pages;
  if (!items) return <Card>{error ? <Failed error={error} retry={retry} /> : <Lines />}</Card>;
  if (items.length === 0) {
    return (
      <Card>
        <Empty icon={<ScrollText aria-hidden className="size-8" />} title="Nothing was changed yet">
          Answers to alerts, settings, keys, accounts: whatever somebody changes stands here.
        </Empty>
      </Card>
    );
  }
  return (
    <div className="space-y-5">
      {byDay(items).map(({ name, entries }) => (
        <Card key={name} title={name}>
          <ol className="-mx-5 -mb-5 divide-y divide-line border-t border-line">
            {entries.map((entry, place) => (
              <AuditEntry key={`${entry.at} ${place}`} entry={entry} nameOf={nameOf} />
            ))}
          </ol>
        </Card>
      ))}
      <LoadMore of={pages} label="Show older changes" />
    </div>
  );
}

function Lines() {
  return (
    <div role="status" aria-label="Loading changes" className="space-y-4">
      {Array.from({ length: 6 }, (_, line) => (
        <Skeleton key={line} className="h-16 w-full" />
      ))}
    </div>
  );
}
