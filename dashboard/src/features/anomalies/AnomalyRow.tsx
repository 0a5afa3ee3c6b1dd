import { addressOf, heldBack, rate, withoutRate, type Anomaly } from "@/features/anomalies/anomaly";
import { SeverityBadge, StandingBadge } from "@/features/anomalies/badges";
import { money } from "@/format/money";
import { duration, secondsBetween } from "@/format/time";
import { count } from "@/format/words";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { Ago, useNow } from "@/ui/time";
import Link from "next/link";

/** An anomaly in a list: a row on a wide page, a card on a narrow one; all of it leads to its page. */
export function AnomalyRow({
  anomaly,
  account,
  isNew = false,
  showStanding = true,
}: {
  anomaly: Anomaly;
  /** What its account is called. */
  account: string;
  isNew?: boolean;
  showStanding?: boolean;
}) {
  return (
    <article
      className={classes(
        "relative grid gap-x-4 gap-y-1.5 px-5 py-3.5 transition-colors hover:bg-sunken",
        "grid-cols-[1fr_auto] items-start md:grid-cols-[6rem_1fr_auto]",
        isNew && "bg-accent-soft",
      )}
    >
      <div className="flex flex-wrap gap-1.5 pt-0.5 md:flex-col md:items-start">
        <SeverityBadge severity={anomaly.severity} />
        {showStanding && (
          <span className="md:hidden">
            <StandingBadge anomaly={anomaly} />
          </span>
        )}
        {isNew && <Badge tone="good">New</Badge>}
      </div>
      <div className="order-last col-span-2 min-w-0 md:order-none md:col-span-1">
        <Link
          href={addressOf(anomaly.id)}
          className="font-medium break-words after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {withoutRate(anomaly.text)}
        </Link>
        <p className="text-sm text-muted">
          <Facts anomaly={anomaly} account={account} />
        </p>
      </div>
      <div className="flex items-start justify-end gap-4 text-right">
        {showStanding && (
          <span className="hidden pt-0.5 md:block">
            <StandingBadge anomaly={anomaly} />
          </span>
        )}
        <Rate anomaly={anomaly} />
      </div>
    </article>
  );
}

function Facts({ anomaly, account }: { anomaly: Anomaly; account: string }) {
  const { startedAt, resolvedAt, alerts, undelivered, delivery } = anomaly;
  const held = heldBack(delivery);
  return (
    <>
      {account} · <Ago at={startedAt} />
      {resolvedAt && <> · for {duration(secondsBetween(startedAt, resolvedAt))}</>}
      {alerts > 1 && <> · {count(alerts, "alert")}</>}
      {undelivered && <> · nobody could be told</>}
      {held && <> · {held}</>}
    </>
  );
}

function Rate({ anomaly }: { anomaly: Anomaly }) {
  const { text, note } = rate(anomaly);
  return (
    <div className="min-w-28">
      <p
        className={classes(
          "font-semibold tabular-nums",
          anomaly.status === "resolved" && "font-medium text-muted",
        )}
      >
        {text}
      </p>
      <p className="text-xs text-muted tabular-nums">{note ?? <Spent anomaly={anomaly} />}</p>
    </div>
  );
}

function Spent({ anomaly: { spent, startedAt } }: { anomaly: Anomaly }) {
  // What began just now has cost nothing that is worth reading.
  const young = useNow() - Date.parse(startedAt) < 60_000;
  return young ? null : <>{money(spent)} so far</>;
}
