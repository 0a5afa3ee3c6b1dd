import { useAct } from "@/api/act";
import { taken, type Api } from "@/api/client";
import { type Read } from "@/api/read";
import { after, type Action, type Detail } from "@/features/anomaly/optimistic";
import { moment } from "@/format/time";
import { useSignedIn } from "@/session/SessionProvider";

/** Does what somebody wants done about an anomaly: shown at once, taken back if it could not be. */
export function useActions({ body, put }: Read<Detail>): {
  readonly busy: boolean;
  readonly run: (action: Action) => Promise<void>;
} {
  const { api, name } = useSignedIn();
  const { busy, act } = useAct();
  const run = async (action: Action) => {
    if (!body) return;
    const shown = after(body, action, { by: name, now: Date.now() });
    await put(shown);
    const does = async () => put((await send(api, body.id, action)).body);
    const done = await act(does, words(action, shown));
    if (!done) await put(body);
  };
  return { busy, run };
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
