import { useAct } from "@/api/act";
import { taken, type Api } from "@/api/client";
import { useGet, type Read } from "@/api/read";
import { after, type Action, type Detail } from "@/features/anomaly/optimistic";
import { moment } from "@/format/time";
import { useSignedIn } from "@/session/SessionProvider";
import { useRef } from "react";

/** How often it is read again: it may end, or somebody else may answer. */
const REFRESH_MS = 10_000;

/**
 * An anomaly, and what somebody wants done about it: shown at once, taken back if it could not be
 * done. Meanwhile it is not read again, since that would show what was there before.
 */
export function useAnomaly(id: string): {
  readonly read: Read<Detail>;
  readonly busy: boolean;
  readonly run: (action: Action) => Promise<void>;
} {
  const { api, name } = useSignedIn();
  const { busy, act } = useAct();
  const acting = useRef(false);
  const read = useGet(
    "/v1/anomalies/{anomalyId}",
    { path: { anomalyId: id } },
    { refreshInterval: REFRESH_MS, isPaused: () => acting.current },
  );
  const run = async (action: Action) => {
    const { body, put } = read;
    if (!body) return;
    acting.current = true;
    const shown = after(body, action, { by: name, now: Date.now() });
    try {
      await put(shown);
      const does = async () => put((await send(api, id, action)).body);
      const done = await act(does, words(action, shown));
      if (!done) await put(body);
    } finally {
      acting.current = false;
    }
  };
  return { read, busy, run };
}

function send(api: Api, anomalyId: string, action: Action) {
  const params = { path: { anomalyId } };
  switch (action.kind) {
    case "expected":
      return taken(
        api.POST("/v1/anomalies/{anomalyId}/expected", { params, body: { days: action.days } }),
      );
    case "not_expected":
      return taken(api.POST("/v1/anomalies/{anomalyId}/confirm", { params }));
    case "snooze":
      return taken(
        api.POST("/v1/anomalies/{anomalyId}/snooze", {
          params,
          body: { minutes: action.minutes },
        }),
      );
  }
}

function words(action: Action, { snoozedUntil }: Detail) {
  switch (action.kind) {
    case "expected":
      return { done: "Noted as expected.", failed: "It was not noted as expected." };
    case "not_expected":
      return { done: "Noted as not expected.", failed: "It was not noted." };
    case "snooze":
      return {
        done: `Snoozed until ${snoozedUntil ? moment(snoozedUntil) : "later"}.`,
        failed: "It was not snoozed.",
      };
  }
}
