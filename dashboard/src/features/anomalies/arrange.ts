/** Something that is known by its id. */
interface Named {
  readonly id: string;
}

/** What is shown of a list that changes by itself. */
export interface Arrangement<T extends Named> {
  readonly rows: readonly T[];
  /** Ids of what came last, to be marked. */
  readonly arrived: ReadonlySet<string>;
  /** How many have come that are not shown yet. */
  readonly waiting: number;
}

/** What is shown first: nothing is new. */
export function begun<T extends Named>(fresh: readonly T[]): Arrangement<T> {
  return { rows: fresh, arrived: new Set(), waiting: 0 };
}

/**
 * Brings what was just read into what is shown. While somebody reads further down, no row comes,
 * goes or changes its place: what is shown gets its new figures, what is older is added below, and
 * what is new waits. Otherwise all of it is shown, and what is new is marked.
 */
export function arrange<T extends Named>(
  before: Arrangement<T>,
  fresh: readonly T[],
  reading: boolean,
): Arrangement<T> {
  const shown = new Set(before.rows.map((row) => row.id));
  const cameBelow = below(before.rows, fresh, shown);
  const isNew = (row: T) => !shown.has(row.id) && !cameBelow.has(row.id);
  if (reading && before.rows.length > 0) {
    const now = new Map(fresh.map((row) => [row.id, row]));
    const kept = before.rows.map((row) => now.get(row.id) ?? row);
    const rows = [...kept, ...fresh.filter((row) => cameBelow.has(row.id))];
    return { rows, arrived: before.arrived, waiting: fresh.filter(isNew).length };
  }
  const arrived = new Set(fresh.filter(isNew).map((row) => row.id));
  const still = fresh.filter((row) => before.arrived.has(row.id)).map((row) => row.id);
  return { rows: fresh, arrived: new Set([...arrived, ...still]), waiting: 0 };
}

/** Ids of what follows the last row that was shown and still is there: more of the list was read. */
function below<T extends Named>(
  rows: readonly T[],
  fresh: readonly T[],
  shown: ReadonlySet<string>,
): ReadonlySet<string> {
  const last = fresh.findLastIndex((row) => shown.has(row.id));
  if (rows.length === 0 || last < 0) return new Set();
  return new Set(fresh.slice(last + 1).map((row) => row.id));
}
