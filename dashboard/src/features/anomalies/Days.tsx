import { type Filters } from "@/features/anomalies/filters";
import { daysOf, type TypedDays } from "@/features/anomalies/typedDays";
import { type Change } from "@/features/anomalies/useFilters";
import { TextField } from "@/ui/Field";
import { useState, type FocusEvent } from "react";

/**
 * Days of one's own. What is half typed stays in its field: a browser hands on each digit of a year, and
 * the year 2 is no filter.
 */
export function Days({ filters, change }: { filters: Filters; change: Change }) {
  const held: TypedDays = { since: filters.since ?? "", until: filters.until ?? "" };
  const [draft, setDraft] = useState<TypedDays>();
  // Handed on to the address, which takes a moment: somebody types on meanwhile.
  const [sent, setSent] = useState<readonly TypedDays[]>([]);
  const [seen, setSeen] = useState(held);
  if (!isSame(seen, held)) {
    setSeen(held);
    // It was changed elsewhere: what is being typed here counts no more.
    if (!sent.some((days) => isSame(days, held))) setDraft(undefined);
  }
  const typed = draft ?? held;
  const { problem } = daysOf(typed);

  const take = (days: TypedDays) => {
    const { filters: meant } = daysOf(days);
    if (!meant || isSame(days, held)) return;
    setSent([...sent, days]);
    change({ since: meant.since, until: meant.until }, { replace: true });
  };
  const type = (day: Partial<TypedDays>) => {
    const next = { ...typed, ...day };
    setDraft(next);
    // An emptied field may be one in which the next day is being typed: it counts once it is left.
    if (Object.values(day).every(Boolean)) take(next);
  };
  const leave = ({ target }: FocusEvent<HTMLInputElement>) => {
    const { filters: meant, problem: wrong } = daysOf(typed);
    if (target.validity.badInput || (!meant && !wrong)) setDraft(undefined);
    else take(typed);
  };
  return (
    <div className="mt-3 grid max-w-md grid-cols-2 gap-3">
      <TextField
        label="First day"
        type="date"
        value={typed.since}
        max={held.until || undefined}
        onChange={({ target }) => type({ since: target.value })}
        onBlur={leave}
        problem={problem}
      />
      <TextField
        label="Last day"
        type="date"
        value={typed.until}
        min={held.since || undefined}
        onChange={({ target }) => type({ until: target.value })}
        onBlur={leave}
      />
    </div>
  );
}

function isSame(one: TypedDays, other: TypedDays): boolean {
  return one.since === other.since && one.until === other.until;
}
