import { type Pages, usePages } from "@/api/read";
import { type components } from "@/api/schema";
import { useRest } from "@/api/useRest";

/** All accounts, a hundred at a time to the last one, kept fresh; none are read unless they are wanted. */
export function useAccounts(wanted = true): Pages<components["schemas"]["Account"]> {
  const path = wanted ? "/v1/accounts" : null;
  const pages = usePages(path, { query: { limit: 100 } }, { refreshInterval: 15_000 });
  useRest(pages, true);
  return pages;
}
