import { perHour } from "@/features/anomalies/anomaly";
import { type Detail } from "@/features/anomaly/optimistic";
import { line } from "@/features/anomaly/words";
import { Card } from "@/ui/Card";
import { Ago } from "@/ui/time";
import Link from "next/link";

/** What its actor started besides. */
export function Related({ anomaly: { related, actor } }: { anomaly: Detail }) {
  return (
    <Card
      title="Started besides"
      hint={`By ${actor.name}, within a week before and after.`}
      aside={
        <Link
          href={{ pathname: "/dashboard/anomalies", query: { actor: actor.id } }}
          className="rounded text-sm font-medium text-accent hover:underline"
        >
          All anomalies of this actor
        </Link>
      }
    >
      {related.length === 0 ? (
        <p className="text-sm text-muted">Nothing else that we saw.</p>
      ) : (
        <ol className="space-y-3">
          {related.map((launch, nth) => (
            <li key={nth} className="flex items-baseline justify-between gap-3 text-sm">
              <div className="min-w-0">
                <p className="font-medium break-words">{line(launch.text)}</p>
                <p className="text-muted">
                  <Ago at={launch.at} /> · {launch.region}
                </p>
              </div>
              <p className="shrink-0 tabular-nums">{perHour(launch.hourly)}</p>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
