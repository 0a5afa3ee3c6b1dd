import { taken } from "@/api/client";
import { asApiError, type ApiError } from "@/api/problem";
import { useGet, type Read } from "@/api/read";
import { forgetSetup, keepSetup, keptSetup } from "@/features/connect/keptSetup";
import { type Place } from "@/features/connect/place";
import { isOver, pollEvery, type Setup } from "@/features/connect/standing";
import { type Go } from "@/features/connect/usePlace";
import { useSignedIn } from "@/session/SessionProvider";
import { useNow } from "@/ui/time";
import { useEffect, useMemo, useRef, useState } from "react";
import { useSWRConfig } from "swr";

const ROUTE = "/v1/accounts/setup/{setupId}";

/** A setup that goes on, and the way to begin one. */
export interface BegunSetup extends Pick<Read<Setup>, "put" | "retry"> {
  /** None before one is begun, and once its link is over. */
  readonly setup: Setup | undefined;
  /** Whether it is not known yet if there is one. */
  readonly isReading: boolean;
  /** Whether the one that the address names holds no more. */
  readonly wasOver: boolean;
  /** Why it cannot be read. */
  readonly error: ApiError | undefined;
  /** Why none could be begun. */
  readonly refused: ApiError | undefined;
  readonly isBeginning: boolean;
  /** Begins one; nothing comes of it where that is refused. */
  readonly begin: () => Promise<Setup | undefined>;
}

/** The setup of a place, looked at while it goes on. Only who asks for one begins it: each holds a day. */
export function useSetup(place: Place, go: Go): BegunSetup {
  const now = useNow();
  const { setup: named, account, again } = place;
  const kept = useMemo(
    () => (named || account ? undefined : keptSetup(again)),
    [named, account, again],
  );
  const id = named ?? kept;
  const read = useGet(
    id ? ROUTE : null,
    { path: { setupId: id ?? "" } },
    { refreshInterval: (latest?: { body: Setup }) => pollEvery(latest?.body, Date.now()) },
  );
  const isGone = read.error?.status === 404;
  const isUseless = isGone || (read.body !== undefined && isOver(read.body, now, !named));
  const setup = isUseless ? undefined : read.body;
  const isConnected = read.body?.stage === "connected";

  useEffect(() => {
    if (id && (isUseless || isConnected)) forgetSetup(id);
  }, [id, isUseless, isConnected]);
  useEffect(() => {
    // From here on the address names it.
    if (setup && !named) void go({ ...place, setup: setup.setupId }, true);
  }, [setup, named, place, go]);

  return {
    ...useBegin(place, go),
    setup,
    isReading: id !== undefined && !read.body && !read.error,
    wasOver: named !== undefined && isUseless,
    error: isGone || read.body ? undefined : read.error,
    put: read.put,
    retry: read.retry,
  };
}

function useBegin(place: Place, go: Go): Pick<BegunSetup, "begin" | "isBeginning" | "refused"> {
  const { api } = useSignedIn();
  const { mutate } = useSWRConfig();
  const [refused, setRefused] = useState<ApiError>();
  const [isBeginning, setBeginning] = useState(false);
  const isHere = useIsHere();
  const begin = async () => {
    setBeginning(true);
    setRefused(undefined);
    try {
      const query = place.again ? { accountId: place.again } : {};
      const { body } = await taken(api.POST("/v1/accounts/setup", { params: { query } }));
      keepSetup({ setup: body.setupId, again: place.again });
      // Known already: nothing has to be read before it is shown.
      const key = [ROUTE, { path: { setupId: body.setupId } }];
      await mutate(key, { body, etag: undefined }, { revalidate: false });
      // Who has gone elsewhere meanwhile is not fetched back.
      if (isHere.current) void go({ ...place, setup: body.setupId }, true);
      return body;
    } catch (error) {
      setRefused(asApiError(error));
      return undefined;
    } finally {
      setBeginning(false);
    }
  };
  return { begin, isBeginning, refused };
}

function useIsHere() {
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return isHere;
}
