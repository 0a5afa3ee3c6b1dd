import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { WHAT_HAPPENS, WORD, whyNot } from "@/features/tenant/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useState, type FormEvent } from "react";
import { useSWRConfig } from "swr";

/** Says what happens, and does it only for who has typed the word. */
export function DeleteForm({ onClose }: { onClose: () => void }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const { mutate } = useSWRConfig();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string>();
  const erase = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = whyNot(typed);
    if (wrong) return setProblem(wrong);
    const isDone = await act(() => taken(api.DELETE("/v1/tenant", { body: { confirm: WORD } })), {
      failed: "Nothing was deleted.",
    });
    // Everything looks different from now on.
    void mutate(() => true);
    if (isDone) onClose();
  };
  return (
    <form noValidate onSubmit={erase} className="space-y-4">
      <ul className="list-disc space-y-1.5 pl-5 text-sm marker:text-line-strong">
        {WHAT_HAPPENS.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <TextField
        label={`Type ${WORD} to confirm`}
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        className="font-mono"
        value={typed}
        problem={problem}
        onChange={(event) => {
          setTyped(event.target.value);
          setProblem(undefined);
        }}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Keep everything</Button>
        <Button type="submit" look="danger" busy={busy}>
          Delete everything
        </Button>
      </div>
    </form>
  );
}
