import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { type Pages } from "@/api/read";
import { notChanged } from "@/features/accounts/changed";
import {
  ALL_TYPES,
  SENSITIVITIES,
  type Baseline,
  type Sensitivity,
} from "@/features/accounts/words";
import { nameOfService } from "@/format/services";
import { useSignedIn } from "@/session/SessionProvider";
import { useState } from "react";

const ROUTE = "/v1/accounts/{accountId}/baselines/{service}/{resourceType}";
/** As the account does. */
const NONE = "";

/** How readily something alerts: what is chosen shows at once, and goes back if it was not taken. */
export function SensitivitySelect({
  id,
  baseline,
  change,
  reread,
}: {
  id: string;
  baseline: Baseline;
  change: Pages<Baseline>["change"];
  reread: Pages<Baseline>["retry"];
}) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const { service, resourceType, sensitivityOverride, etag } = baseline;
  const [chosen, setChosen] = useState<string>();
  const name = resourceType === ALL_TYPES ? `all of ${nameOfService(service)}` : resourceType;

  const choose = async (word: string) => {
    setChosen(word);
    const path = { accountId: id, service, resourceType };
    const params = { path, header: { "If-Match": etag } };
    const failed = `The sensitivity of ${name} stays as it was.`;
    const body = { sensitivityOverride: word === NONE ? null : (word as Sensitivity) };
    const send = async () => {
      try {
        return await taken(api.PATCH(ROUTE, { params, body }));
      } catch (thrown) {
        // Somebody else may have been quicker: his choice is shown.
        reread();
        throw notChanged(thrown, failed).error;
      }
    };
    await act(
      async () => {
        const { body: after } = await send();
        await change((each) =>
          each.service === service && each.resourceType === resourceType ? after : each,
        );
      },
      { failed },
    );
    setChosen((now) => (now === word ? undefined : now));
  };

  return (
    <select
      aria-label={`Sensitivity of ${name}`}
      value={chosen ?? sensitivityOverride ?? NONE}
      aria-busy={busy || undefined}
      onChange={(event) => void choose(event.target.value)}
      className="min-h-9 w-full rounded-lg border border-line-strong bg-surface px-2 py-1 text-sm text-ink"
    >
      <option value={NONE}>As the account</option>
      {SENSITIVITIES.map(({ word, text }) => (
        <option key={word} value={word}>
          {text}
        </option>
      ))}
    </select>
  );
}
