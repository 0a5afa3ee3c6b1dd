import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { asApiError } from "@/api/problem";
import { sentence } from "@/format/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useState } from "react";

/** Asks for the address of a receiver; hands over the key that comes back for it. */
export function ReceiverForm({
  replaces,
  onKept,
  onCancel,
}: {
  replaces: boolean;
  onKept: (key: string) => void;
  onCancel?: () => void;
}) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const [url, setUrl] = useState("");
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    try {
      const { body } = await taken(api.PUT("/v1/settings/webhook", { body: { url: url.trim() } }));
      onKept(body.key);
    } catch (error) {
      const { field, message } = asApiError(error);
      if (field !== "url") throw error;
      setProblem(sentence(message.replace(/^url: /, "")));
    }
  };
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void act(save, { failed: "Your receiver was not set." });
      }}
    >
      <TextField
        label="Address"
        type="url"
        inputMode="url"
        required
        maxLength={2000}
        placeholder="https://example.com/hooks/dd0c"
        value={url}
        problem={problem}
        hint={
          replaces
            ? "It takes the place of the present one, with a new key."
            : "An https address that others can reach. Signed as Standard Webhooks says."
        }
        onChange={({ target }) => {
          setUrl(target.value);
          setProblem(undefined);
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look={replaces ? "primary" : "secondary"} busy={busy} disabled={!url}>
          {replaces ? "Replace" : "Set receiver"}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}
