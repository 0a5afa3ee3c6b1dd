import { type components } from "@/api/schema";
import { size } from "@/format/money";

/** A part of what runs. */
export type Share = components["schemas"]["Share"];

/** How many are named before the rest. */
export const NAMED = 6;

/** A share with the length of its bar. */
export interface Part {
  readonly share: Share;
  /** Of the dearest, from 0 to 1: a length, no amount. */
  readonly part: number;
}

/** The dearest ones, and the others. Shares come with the dearest first. */
export function parts(shares: readonly Share[]): { readonly named: Part[]; readonly rest: Part[] } {
  const most = Math.max(...shares.map((share) => size(share.hourly)), 0);
  const all = shares.map((share) => ({
    share,
    part: most > 0 ? Math.max(0, size(share.hourly)) / most : 0,
  }));
  // One more line says as much as "1 more" does.
  const named = all.length <= NAMED + 1 ? all.length : NAMED;
  return { named: all.slice(0, named), rest: all.slice(named) };
}
