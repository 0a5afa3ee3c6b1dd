import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { ApiError } from "@/api/problem";
import { type Made } from "@/features/settings/NewKey";
import { SCOPES, type Scope } from "@/features/settings/scopes";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useState } from "react";

/** The name of a key, and what it is to open. */
export function NewKeyForm({
  onMade,
  onLost,
  onCancel,
}: {
  onMade: (made: Made) => void;
  /** It was made, and nobody will ever know it. */
  onLost: () => void;
  onCancel: () => void;
}) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["anomalies:read"]);
  const turn = (scope: Scope, on: boolean) =>
    setScopes(on ? [...scopes, scope] : scopes.filter((each) => each !== scope));
  const make = async () => {
    const { body } = await taken(
      api.POST("/v1/api-keys", { body: { name: name.trim(), scopes: [...scopes] } }),
    );
    if (!body.key) {
      onLost();
      throw ApiError.lost(
        "It was made, but its text was lost on the way. Revoke it, and make another.",
      );
    }
    onMade({ key: body.key, name: body.name, scopes: body.scopes });
  };
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        void act(make, { failed: "There is no new key." });
      }}
    >
      <TextField
        label="Name"
        hint="By which you know it again, such as the program that uses it."
        required
        maxLength={64}
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">What it opens</legend>
        <div className="space-y-1">
          {SCOPES.map(({ scope, opens }) => (
            <label key={scope} className="flex min-h-10 items-start gap-3 py-1.5 text-sm">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={({ target }) => turn(scope, target.checked)}
                className="mt-0.5 size-5 shrink-0 accent-accent"
              />
              <span>
                <code className="block font-mono font-medium">{scope}</code>
                <span className="text-muted">{opens}</span>
              </span>
            </label>
          ))}
        </div>
        {scopes.length === 0 && (
          <p role="alert" className="mt-1 text-sm text-critical">
            A key without any of these opens nothing: choose at least one.
          </p>
        )}
      </fieldset>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          type="submit"
          look="primary"
          busy={busy}
          disabled={name.trim() === "" || scopes.length === 0}
        >
          Make key
        </Button>
      </div>
    </form>
  );
}
