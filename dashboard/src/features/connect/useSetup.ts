import { taken } from "@/api/client";
import { asApiError, type ApiError } from "@/api/problem";
import { useGet, type Read } from "@/api/read";
import { type Place } from "@/features/connect/place";
import { needsAnother, pollEvery, type Setup } from "@/features/connect/standing";
import { type Go } from "@/features/connect/usePlace";
import { useSignedIn } from "@/session/SessionProvider";
import { useNow } from "@/ui/time";
import { useEffect, useRef, useState } from "react";

const ROUTE = "/v1/accounts/setup/{setupId}";

/** The setup of a place, looked at while it goes on; begun if there is none, and anew once it is over. */
export function useSetup(
  place: Place,
  go: Go,
): Pick<Read<Setup>, "put"> & {
  readonly setup: Setup | undefined;
  readonly error: ApiError | undefined;
  readonly retry: () => void;
} {
  const { api } = useSignedIn();
  const now = useNow();
  const read = useGet(
    place.setup ? ROUTE : null,
    { path: { setupId: place.setup ?? "" } },
    { refreshInterval: (kept?: { body: Setup }) => pollEvery(kept?.body) },
  );
  const [refused, setRefused] = useState<ApiError>();
  const isBeginning = useRef(false);
  const found = { setup: read.body, isGone: read.error?.status === 404 };
  const needs = !refused && needsAnother(place, found, now);

  useEffect(() => {
    if (!needs || isBeginning.current) return;
    isBeginning.current = true;
    const query = place.again ? { accountId: place.again } : {};
    const begin = async () => {
      const { body } = await taken(api.POST("/v1/accounts/setup", { params: { query } }));
      await go({ ...place, setup: body.setupId }, true);
    };
    begin()
      .catch((error: unknown) => setRefused(asApiError(error)))
      .finally(() => (isBeginning.current = false));
  }, [needs, place, api, go]);

  return {
    setup: needs ? undefined : read.body,
    error: refused ?? (found.isGone ? undefined : read.error),
    put: read.put,
    retry: () => {
      setRefused(undefined);
      read.retry();
    },
  };
}
