import { type Pages } from "@/api/read";
import { useEffect } from "react";

/**
 * Reads all pages of a list if that is wanted: what is grouped or chosen in the browser is chosen from
 * all of it. Says whether something is still missing.
 */
export function useRest(
  pages: Pick<Pages<unknown>, "hasMore" | "loadingMore" | "loadMore" | "error">,
  wanted: boolean,
): boolean {
  const { hasMore, loadingMore, loadMore, error } = pages;
  const missing = wanted && hasMore && !error;
  useEffect(() => {
    if (missing && !loadingMore) loadMore();
  }, [missing, loadingMore, loadMore]);
  return missing;
}
