import {
  changed,
  cleared,
  readFilters,
  writeFilters,
  type Filters,
} from "@/features/anomalies/filters";
import { useRouter } from "next/router";
import { useMemo } from "react";

/** Changes filters; `replace` leaves no way back to those before, for what is still being typed. */
export type Change = (
  change: { [K in keyof Filters]?: Filters[K] },
  how?: { readonly replace: boolean },
) => void;

/** Filters that live in the address: it can be shared, and the way back leads to those before. */
export function useFilters(): {
  readonly filters: Filters;
  /** Whether the address is known already; it is not while the page is built. */
  readonly ready: boolean;
  readonly change: Change;
  readonly clear: () => void;
} {
  const router = useRouter();
  const filters = useMemo(() => readFilters(router.query), [router.query]);
  const go = (to: Filters, { replace } = { replace: false }) => {
    const url = { pathname: router.pathname, query: writeFilters(to) };
    const options = { shallow: true, scroll: false };
    void (replace ? router.replace(url, undefined, options) : router.push(url, undefined, options));
  };
  return {
    filters,
    ready: router.isReady,
    change: (change, how) => go(changed(filters, change), how),
    clear: () => go(cleared(filters)),
  };
}
