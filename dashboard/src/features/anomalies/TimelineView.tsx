import { type AccountNames } from "@/features/anomalies/accountNames";
import { addressOf, perHour, withoutRate, type Anomaly } from "@/features/anomalies/anomaly";
import { AnomalyRow } from "@/features/anomalies/AnomalyRow";
import {
  extent,
  neighbour,
  timeline,
  type Bar,
  type Lane,
  type Tick,
} from "@/features/anomalies/timeline";
import { duration, moment, secondsBetween } from "@/format/time";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/time";
import { useWidth } from "@/ui/useWidth";
import { useRouter } from "next/router";
import { useRef, useState, type KeyboardEvent } from "react";

/** Height of the marks of time at the top. */
const AXIS = 24;
/** Room that the name of a mark needs. */
const NAME = 46;

const FILLS: Record<string, string> = {
  critical: "fill-critical",
  warning: "fill-warning",
  info: "fill-info",
};

/** Anomalies from their start to their end, in lanes. */
export function TimelineView({
  anomalies,
  accounts,
  by,
  span,
}: {
  anomalies: readonly Anomaly[];
  accounts: AccountNames;
  by: "service" | "severity";
  /** What the filters let through, in milliseconds. */
  span: readonly [number | undefined, number | undefined];
}) {
  const now = useNow();
  const [measure, width] = useWidth();
  const [at, setAt] = useState<string>();
  const [from, until] = extent(anomalies, span, now);
  const laid = timeline(anomalies, by, { from, until, now, width });
  const active = anomalies.find(({ id }) => id === at);
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface shadow-raised">
      <div className="p-4">
        <Legend />
        <div ref={measure} className="min-h-40">
          {width > 0 && (
            <svg
              role="group"
              aria-label="Time line: arrow keys lead from one anomaly to the next"
              width={width}
              height={laid.height + AXIS}
              className="block"
            >
              <Axis ticks={laid.ticks} height={laid.height} width={width} />
              <Lanes lanes={laid.lanes} width={width} at={at} setAt={setAt} />
            </svg>
          )}
        </div>
      </div>
      <div className="min-h-24 border-t border-line">
        {active ? (
          <AnomalyRow anomaly={active} account={accounts.nameOf(active.accountId)} />
        ) : (
          <p className="px-5 py-4 text-sm text-muted">
            Point at one to read it here, press it to open it. With the keyboard, arrow keys lead
            from one to the next.
          </p>
        )}
      </div>
    </div>
  );
}

function Legend() {
  return (
    <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {Object.entries(FILLS).map(([severity, fill]) => (
        <li key={severity} className="flex items-center gap-1.5 capitalize">
          <svg aria-hidden className="size-3">
            <circle cx="6" cy="6" r="5" className={fill} />
          </svg>
          {severity}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <svg aria-hidden width="26" height="12">
          <circle cx="4" cy="6" r="2.5" className="fill-muted" />
          <circle cx="18" cy="6" r="5.5" className="fill-muted" />
        </svg>
        The thicker, the dearer
      </li>
      <li className="flex items-center gap-1.5">
        <svg aria-hidden width="22" height="12">
          <rect y="2" width="22" height="8" rx="4" className="fill-muted" fillOpacity="0.45" />
        </svg>
        Paler: it has ended or was expected
      </li>
    </ul>
  );
}

function Axis({ ticks, height, width }: { ticks: readonly Tick[]; height: number; width: number }) {
  return (
    <g aria-hidden>
      {ticks.map(({ at, x, isDay }) => (
        <g key={at}>
          <line x1={x} x2={x} y1={AXIS - 4} y2={height + AXIS} className="stroke-line" />
          {x + NAME < width && (
            <text x={x + 4} y={14} className="fill-muted text-[11px] tabular-nums">
              {(isDay ? days : hours).format(at)}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

function Lanes({
  lanes,
  width,
  at,
  setAt,
}: {
  lanes: readonly Lane[];
  width: number;
  at: string | undefined;
  setAt: (id: string) => void;
}) {
  const group = useRef<SVGGElement>(null);
  const all = lanes.flatMap((lane) => lane.bars);
  // One of them is reached by the tabulator, the others from there by arrow keys.
  const stop = all.some(({ anomaly }) => anomaly.id === at) ? at : all[0]?.anomaly.id;
  const go = (event: KeyboardEvent) => {
    const next = stop && neighbour(lanes, stop, event.key);
    if (!next || next === stop) return;
    event.preventDefault();
    group.current?.querySelector<SVGAElement>(`[data-id="${CSS.escape(next)}"]`)?.focus();
  };
  return (
    <g ref={group} transform={`translate(0 ${AXIS})`} onKeyDown={go}>
      {lanes.map(({ name, y, bars }) => (
        <g key={name} role="group" aria-label={name}>
          <line x1="0" x2={width} y1={y + 0.5} y2={y + 0.5} className="stroke-line" />
          <text x="0" y={y + 18} aria-hidden className="fill-ink text-xs font-medium">
            {name}
          </text>
          {bars.map((bar) => (
            <BarLink
              key={bar.anomaly.id}
              bar={bar}
              isStop={bar.anomaly.id === stop}
              isAt={bar.anomaly.id === at}
              setAt={setAt}
            />
          ))}
        </g>
      ))}
    </g>
  );
}

function BarLink({
  bar: { anomaly, x, y, width, radius },
  isStop,
  isAt,
  setAt,
}: {
  bar: Bar;
  isStop: boolean;
  isAt: boolean;
  setAt: (id: string) => void;
}) {
  const router = useRouter();
  const { id, severity, status } = anomaly;
  const calm = status === "resolved" || status === "expected";
  const shape = { x, y: y - radius, width, height: 2 * radius, rx: radius };
  return (
    <a
      href={addressOf(id)}
      data-id={id}
      tabIndex={isStop ? 0 : -1}
      aria-label={inWords(anomaly)}
      onFocus={() => setAt(id)}
      onPointerEnter={() => setAt(id)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void router.push(addressOf(id));
      }}
      className="outline-none"
    >
      <rect {...shape} className="fill-surface" />
      <rect
        {...shape}
        fillOpacity={calm ? 0.45 : 1}
        className={classes(FILLS[severity] ?? "fill-info", isAt && "stroke-ink stroke-2")}
      />
    </a>
  );
}

function inWords(anomaly: Anomaly): string {
  const { severity, status, text, hourly, priceKnown, startedAt, resolvedAt } = anomaly;
  const lasted = resolvedAt ? `, for ${duration(secondsBetween(startedAt, resolvedAt))}` : "";
  return `${severity}, ${status}: ${withoutRate(text)}, ${perHour(hourly, priceKnown)}, ${moment(startedAt)}${lasted}`;
}
