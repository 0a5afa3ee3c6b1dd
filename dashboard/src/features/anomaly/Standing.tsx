import { heldBack, perHour } from "@/features/anomalies/anomaly";
import { announced } from "@/features/anomaly/announced";
import { type Detail } from "@/features/anomaly/optimistic";
import { money } from "@/format/money";
import { duration, moment, secondsBetween } from "@/format/time";
import { sentence } from "@/format/words";
import { Ago } from "@/ui/time";
import { type ReactNode } from "react";

/** How it stands: what it costs, what was said of it, and how it ended. */
export function Standing({ anomaly }: { anomaly: Detail }) {
  return (
    <section
      aria-label="How it stands"
      className="space-y-4 rounded-xl border border-line bg-surface p-5 shadow-raised"
    >
      <Figures anomaly={anomaly} />
      {/* Not the story itself: its times change every few seconds. */}
      <p role="status" className="sr-only">
        {announced(anomaly)}
      </p>
      <Story anomaly={anomaly} />
    </section>
  );
}

function Figures({ anomaly }: { anomaly: Detail }) {
  const { status, hourly, runningHourly, priceKnown, spent, avoided } = anomaly;
  const over = status === "resolved";
  return (
    <dl className="grid grid-cols-2 gap-4">
      <Figure name={over ? "While it ran" : "Runs now"}>
        {perHour(over ? hourly : runningHourly, priceKnown)}
      </Figure>
      <Figure name={over ? "Spent" : "Spent so far"}>{money(spent)}</Figure>
      {Number(avoided.amount) > 0 && (
        <Figure name="Avoided" hint="What would have been spent by now, had it run on.">
          {money(avoided)}
        </Figure>
      )}
    </dl>
  );
}

function Figure({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className={hint ? "col-span-2" : undefined}>
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="text-xl font-semibold tabular-nums">{children}</dd>
      {hint && <dd className="text-sm text-muted">{hint}</dd>}
    </div>
  );
}

function Story({ anomaly }: { anomaly: Detail }) {
  const { startedAt, alertedAt, lastAt, resolvedAt, resolvedBy, answer, alerts } = anomaly;
  const held = heldBack(anomaly.delivery);
  return (
    <ol className="space-y-1.5 border-t border-line pt-4 text-sm">
      <li>
        Began <Ago at={startedAt} />
        {alerts > 1 && (
          <>
            ; the last of {alerts} alerts came <Ago at={lastAt} />
          </>
        )}
      </li>
      {alertedAt && <li>Told {duration(secondsBetween(startedAt, alertedAt))} after it began</li>}
      {held && <li>{sentence(held)}</li>}
      {answer && (
        <li>
          <b className="font-semibold">
            {answer.answer === "expected" ? "Expected" : "Not expected"}
          </b>
          , says {answer.by} (<Ago at={answer.at} />)
        </li>
      )}
      <Snooze anomaly={anomaly} />
      {resolvedAt && (
        <li>
          <b className="font-semibold text-good">Resolved</b>
          {resolvedBy && ` by ${resolvedBy}`} <Ago at={resolvedAt} />, after{" "}
          {duration(secondsBetween(startedAt, resolvedAt))}
        </li>
      )}
    </ol>
  );
}

function Snooze({ anomaly: { snoozedUntil, snoozedBy, snoozedAt } }: { anomaly: Detail }) {
  if (!snoozedUntil) return null;
  return (
    <li>
      Snoozed until {moment(snoozedUntil)}
      {snoozedBy && `, says ${snoozedBy}`}
      {snoozedAt && (
        <>
          {" "}
          (<Ago at={snoozedAt} />)
        </>
      )}
    </li>
  );
}
