import { kept } from "@/features/connect/kept";
import { addressOf, placeOf, type Place } from "@/features/connect/place";
import { useRouter } from "next/router";
import { useCallback, useMemo } from "react";

/** Goes to a place of the wizard; `replace` leaves no way back to where one was. */
export type Go = (to: Place, replace?: boolean) => Promise<unknown>;

/** Where somebody is in the wizard, and how he goes elsewhere; no place until the address is read. */
export function usePlace(): { place: Place | undefined; go: Go } {
  const router = useRouter();
  const { isReady, query, push, replace } = router;
  const place = useMemo(() => (isReady ? placeOf(query, kept()) : undefined), [isReady, query]);
  const go = useCallback<Go>(
    (to, replaces = false) =>
      (replaces ? replace : push)(addressOf(to), undefined, { shallow: true, scroll: !replaces }),
    [push, replace],
  );
  return { place, go };
}
