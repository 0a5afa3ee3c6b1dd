import {
  changed,
  cleared,
  readFilters,
  writeFilters,
  type Filters,
} from "@/features/anomalies/filters";
import { useRouter } from "next/router";
import { useMemo } from "react";

/** Filters that live in the address: it can be shared, and the way back leads to those before. */
export function useFilters(): {
  readonly filters: Filters;
  /** Whether the address is known already; it is not while the page is built. */
  readonly ready: boolean;
  readonly change: (change: { [K in keyof Filters]?: Filters[K] }) => void;
  readonly clear: () => void;
} {
  const router = useRouter();
  const filters = useMemo(() => readFilters(router.query), [router.query]);
  const go = (query: Filters) =>
    void router.push({ pathname: router.pathname, query: writeFilters(query) }, undefined, {
      shallow: true,
      scroll: false,
    });
  return {
    filters,
    ready: router.isReady,
    change: (change) => go(changed(filters, change)),
    clear: () => go(cleared(filters)),
  };
}
