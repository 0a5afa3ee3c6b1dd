import { type AnomalyEvent } from "@/features/anomaly/arithmetic";
import { perHour } from "@/features/anomalies/anomaly";
import { SeverityBadge } from "@/features/anomalies/badges";
import { moment } from "@/format/time";
import { nameOfService } from "@/format/services";
import { count } from "@/format/words";

/** Its events, the first of them at most: what was called, on what, at what rate. */
export function Events({ events, alerts }: { events: readonly AnomalyEvent[]; alerts: number }) {
  const more = alerts > events.length ? `, the first ${events.length} of ${alerts}` : "";
  return (
    <details className="group rounded-xl border border-line bg-surface shadow-raised">
      <summary className="rounded-xl px-5 py-4 font-semibold hover:bg-sunken">
        {count(events.length, "event")}
        {more}
      </summary>
      <ol className="divide-y divide-line border-t border-line">
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </details>
  );
}

function Event({ event }: { event: AnomalyEvent }) {
  const { at, name, service, resourceType, region, resources, hourly, priceKnown, severity } =
    event;
  return (
    <li className="grid gap-x-4 gap-y-1 px-5 py-3 text-sm sm:grid-cols-[1fr_auto]">
      <div className="min-w-0">
        <p className="font-medium">
          {event.count} × {resourceType}
          <span className="font-normal text-muted">
            {" "}
            · {nameOfService(service)} in {region}
          </span>
        </p>
        <p className="text-muted">
          <time dateTime={at}>{moment(at)}</time> · <code className="font-mono">{name}</code>
        </p>
        {resources.length > 0 && (
          <p className="font-mono text-[13px] break-all text-muted">
            {resources.join(", ")}
            {event.count > resources.length && " …"}
          </p>
        )}
      </div>
      <div className="flex items-start gap-3">
        <SeverityBadge severity={severity} />
        <span className="font-medium tabular-nums">{perHour(hourly, priceKnown)}</span>
      </div>
    </li>
  );
}
