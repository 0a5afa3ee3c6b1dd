import { SEVERITIES, STANDINGS, type Anomaly } from "@/features/anomalies/anomaly";
import { type AccountNames } from "@/features/anomalies/accountNames";
import { countOf, dayOf, type Filters, type RANGES } from "@/features/anomalies/filters";
import { type Change } from "@/features/anomalies/useFilters";
import { SERVICES } from "@/format/services";
import { sentence } from "@/format/words";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { SelectField } from "@/ui/Field";
import { later } from "@/ui/later";
import { useNow } from "@/ui/time";
import { ListFilter, X } from "lucide-react";
import { useId, useState, type ReactNode } from "react";

/** Comes once somebody chooses days of his own. */
const Days = later(
  async () => (await import("@/features/anomalies/Days")).Days,
  <div className="mt-3 h-16" />,
);

const WEEK_MS = 7 * 24 * 3_600_000;
/** Chosen for days of one's own; no range that an address can hold. */
const OWN = "own";

const RANGE_NAMES: Record<keyof typeof RANGES, string> = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
};

/** What narrows the anomalies down; on a phone it is folded away. */
export function FilterBar({
  filters,
  change,
  clear,
  accounts,
  seen,
}: {
  filters: Filters;
  change: Change;
  clear: () => void;
  accounts: AccountNames;
  /** Anomalies at hand: whose they are can be chosen. */
  seen: readonly Anomaly[];
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const holds = countOf(filters);
  return (
    <section aria-label="Filters">
      <div className="flex gap-2 md:hidden">
        <Button aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <ListFilter aria-hidden className="size-4" />
          {holds > 0 ? `Filters (${holds})` : "Filters"}
        </Button>
        {holds > 0 && <Clear clear={clear} />}
      </div>
      <div id={id} className={classes("mt-3 md:mt-0 md:block", !open && "hidden")}>
        <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
          <Selects filters={filters} change={change} accounts={accounts} seen={seen} />
        </div>
        {(filters.since || filters.until) && <Days filters={filters} change={change} />}
        {holds > 0 && (
          <div className="mt-2 hidden md:block">
            <Clear clear={clear} />
          </div>
        )}
      </div>
    </section>
  );
}

function Clear({ clear }: { clear: () => void }) {
  return (
    <Button look="quiet" onClick={clear} className="-ml-2 px-2">
      <X aria-hidden className="size-4" />
      Clear filters
    </Button>
  );
}

function Selects({
  filters,
  change,
  accounts,
  seen,
}: {
  filters: Filters;
  change: Change;
  accounts: AccountNames;
  seen: readonly Anomaly[];
}) {
  const actors = new Map(seen.map(({ actor }) => [actor.id, actor.name]));
  if (filters.actor && !actors.has(filters.actor)) actors.set(filters.actor, filters.actor);
  const numbers = new Set(accounts.accounts.map(({ accountId }) => accountId));
  if (filters.accountId) numbers.add(filters.accountId);
  return (
    <>
      <Select label="Status" value={filters.status} onPick={(status) => change({ status })}>
        {STANDINGS.map((each) => (
          <option key={each} value={each}>
            {sentence(each)}
          </option>
        ))}
      </Select>
      <Select label="Severity" value={filters.severity} onPick={(severity) => change({ severity })}>
        {SEVERITIES.map((each) => (
          <option key={each} value={each}>
            {sentence(each)}
          </option>
        ))}
      </Select>
      <Select
        label="Account"
        value={filters.accountId}
        onPick={(accountId) => change({ accountId })}
      >
        {[...numbers].map((each) => (
          <option key={each} value={each}>
            {accounts.nameOf(each)}
          </option>
        ))}
      </Select>
      <Select label="Service" value={filters.service} onPick={(service) => change({ service })}>
        {Object.entries(SERVICES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Select>
      <Select label="Who" value={filters.actor} onPick={(actor) => change({ actor })}>
        {[...actors].map(([actor, name]) => (
          <option key={actor} value={actor}>
            {name}
          </option>
        ))}
      </Select>
      <When filters={filters} change={change} />
    </>
  );
}

function Select<T extends string>({
  label,
  value,
  onPick,
  any = "All",
  children,
}: {
  label: string;
  value: T | undefined;
  onPick: (value: T | undefined) => void;
  any?: string;
  children: ReactNode;
}) {
  return (
    <SelectField
      label={label}
      value={value ?? ""}
      onChange={(event) => onPick((event.target.value || undefined) as T | undefined)}
    >
      <option value="">{any}</option>
      {children}
    </SelectField>
  );
}

function When({ filters, change }: { filters: Filters; change: Change }) {
  const now = useNow();
  const { range, since, until } = filters;
  const own = { range: undefined, since: dayOf(now - WEEK_MS), until: dayOf(now) };
  const pick = (value: string | undefined) => {
    if (value === OWN) return change(own);
    change({ range: value as Filters["range"], since: undefined, until: undefined });
  };
  return (
    <Select
      label="Begun"
      value={range ?? (since || until ? OWN : undefined)}
      onPick={pick}
      any="Any time"
    >
      {Object.entries(RANGE_NAMES).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
      <option value={OWN}>Days of your own</option>
    </Select>
  );
}
