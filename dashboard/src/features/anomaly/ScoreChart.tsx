import {
  arithmetic,
  calledFor,
  comparesOf,
  decisive,
  grouped,
  highestFirst,
  lengths,
  meaning,
  nameOfChannel,
  verdict,
  type AnomalyEvent,
  type Lengths,
  type Term,
} from "@/features/anomaly/arithmetic";
import { perHour } from "@/features/anomalies/anomaly";
import { moment } from "@/format/time";
import { line } from "@/features/anomaly/words";
import { plain, sentence } from "@/format/words";
import { Card } from "@/ui/Card";
import { SelectField } from "@/ui/Field";
import { useState } from "react";

/** Why it alerted, with all of the arithmetic: one bar a term, the threshold across them. */
export function ScoreChart({ events }: { events: readonly AnomalyEvent[] }) {
  const [picked, setPicked] = useState<string>();
  const event = events.find(({ id }) => id === picked) ?? decisive(events);
  if (!event) return null;
  return (
    <Card
      title="The score"
      hint="How rarely something like this comes by chance, seen in several ways. The highest counts."
    >
      <div className="space-y-5">
        {events.length > 1 && (
          <div className="max-w-md">
            <SelectField
              label="Event"
              value={event.id}
              onChange={(change) => setPicked(change.target.value)}
            >
              {events.map(({ id, at, name, count, resourceType }) => (
                <option key={id} value={id}>
                  {`${moment(at)}: ${name}, ${count} × ${resourceType}`}
                </option>
              ))}
            </SelectField>
          </div>
        )}
        <CalledFor event={event} />
        {event.terms.length > 0 && <Terms event={event} />}
        <p className="text-sm font-medium">{verdict(event)}</p>
      </div>
    </Card>
  );
}

function CalledFor({ event: { basis, reasons, hourly, priceKnown } }: { event: AnomalyEvent }) {
  return (
    <div className="rounded-lg bg-sunken p-3 text-sm">
      <p className="font-medium">{calledFor(basis)}</p>
      {reasons.map((reason) => (
        <p key={reason} className="text-muted">
          {line(reason)}
        </p>
      ))}
      {!priceKnown && (
        <p className="text-muted">
          Not all of its price is known: it counts with {perHour(hourly, priceKnown)}.
        </p>
      )}
    </div>
  );
}

function Terms({ event }: { event: AnomalyEvent }) {
  const lengthOf = lengths(event);
  return (
    <div>
      <ul className="divide-y divide-line">
        {highestFirst(event.terms).map((term, nth) => (
          <TermRow
            key={term.name}
            term={term}
            lengths={lengthOf}
            counts={nth === 0 && Number(term.points) > 0}
            basis={event.basis}
          />
        ))}
      </ul>
      <p className="mt-2 text-xs text-muted">
        The mark across each bar is {grouped(event.threshold)} points: from there on it alerts.
        Lengths are by the logarithm, figures are exact.
      </p>
    </div>
  );
}

function TermRow({
  term,
  lengths,
  counts,
  basis,
}: {
  term: Term;
  lengths: Lengths;
  counts: boolean;
  basis: string;
}) {
  const compares = comparesOf(term.name);
  return (
    <li className="py-3 first:pt-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <h3 className="font-medium">
          {nameOfChannel(term.name)}
          {counts && (
            <span className="font-normal text-muted">
              {basis === "score" ? " · this one counts" : " · the highest"}
            </span>
          )}
        </h3>
        <p className="font-mono text-[13px] text-muted">{arithmetic(term)}</p>
      </div>
      <Length part={lengths.of(term.points)} threshold={lengths.threshold} counts={counts} />
      <p className="text-sm text-muted">
        {term.text && `${line(term.text)}. `}
        {meaning(term)}
      </p>
      {term.inputs.length > 0 && (
        <details className="mt-1 text-sm">
          <summary className="w-fit rounded text-muted hover:text-ink">
            The numbers that it comes from
          </summary>
          {compares && <p className="mt-1 text-muted">It compares {compares}.</p>}
          <Inputs term={term} />
        </details>
      )}
    </li>
  );
}

function Length({ part, threshold, counts }: { part: number; threshold: number; counts: boolean }) {
  const at = `${threshold * 100}%`;
  return (
    <svg aria-hidden className="my-1.5 block h-4 w-full">
      <rect y="3" width="100%" height="10" rx="3" className="fill-sunken" />
      <rect
        y="3"
        width={`${part * 100}%`}
        height="10"
        rx="3"
        className={counts ? "fill-accent" : "fill-line-strong"}
      />
      <line x1={at} x2={at} y1="0" y2="16" className="stroke-ink stroke-2" />
    </svg>
  );
}

function Inputs({ term: { name, inputs } }: { term: Term }) {
  return (
    <div
      className="mt-2 overflow-x-auto"
      tabIndex={0}
      role="group"
      aria-label={`Inputs of ${nameOfChannel(name)}`}
    >
      <table className="text-[13px]">
        <caption className="sr-only">Inputs of {nameOfChannel(name)}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Input</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {inputs.map((input) => (
            <tr key={input.name}>
              <th scope="row" className="pr-6 text-left font-normal text-muted">
                {sentence(plain(input.name))}
              </th>
              <td className="text-right font-mono">{grouped(input.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
