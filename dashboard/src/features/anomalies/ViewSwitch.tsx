import { type Change } from "@/features/anomalies/useFilters";
import { type Filters } from "@/features/anomalies/filters";
import { classes } from "@/ui/classes";
import { ChartGantt, List } from "lucide-react";
import { type ReactNode } from "react";

/** List or time line, and what a lane of the time line is. */
export function ViewSwitch({ filters, change }: { filters: Filters; change: Change }) {
  const { view, lanes } = filters;
  return (
    <div className="flex flex-wrap gap-2">
      {view === "timeline" && (
        <Choice label="Lanes">
          <One on={!lanes} onPick={() => change({ lanes: undefined })}>
            By service
          </One>
          <One on={lanes === "severity"} onPick={() => change({ lanes: "severity" })}>
            By severity
          </One>
        </Choice>
      )}
      <Choice label="View">
        <One on={!view} onPick={() => change({ view: undefined, lanes: undefined })}>
          <List aria-hidden className="size-4" />
          List
        </One>
        <One on={view === "timeline"} onPick={() => change({ view: "timeline" })}>
          <ChartGantt aria-hidden className="size-4" />
          Time line
        </One>
      </Choice>
    </div>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex rounded-lg border border-line bg-surface p-0.5"
    >
      {children}
    </div>
  );
}

function One({ on, onPick, children }: { on: boolean; onPick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onPick}
      className={classes(
        "flex min-h-9 items-center gap-1.5 rounded-md px-3 text-sm font-medium",
        on ? "bg-accent-soft text-accent-strong" : "text-muted hover:text-ink",
      )}
    >
      {children}
    </button>
  );
}
