import { isDay, known, type Filters } from "@/features/anomalies/filters";

/** Days as they are typed; the empty text is none. */
export interface TypedDays {
  readonly since: string;
  readonly until: string;
}

/** What typed days mean: filters, or why they mean nothing yet. `undefined` while one is half typed. */
export function daysOf({ since, until }: TypedDays): {
  readonly filters?: Pick<Filters, "since" | "until">;
  readonly problem?: string;
} {
  const isTyped = [since, until].every((day) => day === "" || isDay(day));
  if (!isTyped) return {};
  if (since && until && until < since) {
    return { problem: "The first day comes after the last." };
  }
  return { filters: known({ since, until }) };
}
