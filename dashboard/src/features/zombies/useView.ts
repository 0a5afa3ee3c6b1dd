import { queryOf, viewOf, type View } from "@/features/zombies/view";
import { useRouter } from "next/router";

/** The view that stands in the address; `ready` once the address is known. */
export function useView(): {
  readonly view: View;
  readonly ready: boolean;
  readonly change: (to: Partial<View>) => void;
} {
  const { query, isReady, pathname, replace } = useRouter();
  const view = viewOf(query);
  const change = (to: Partial<View>) => {
    const next = { pathname, query: queryOf({ ...view, ...to }) };
    void replace(next, undefined, { shallow: true, scroll: false });
  };
  return { view, ready: isReady, change };
}
