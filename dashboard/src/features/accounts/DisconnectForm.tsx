import { taken } from "@/api/client";
import { useChange } from "@/features/accounts/useChange";
import { type Account } from "@/features/accounts/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useState, type FormEvent } from "react";

const WHAT_HAPPENS = [
  "Its events are refused at once: nobody is told of anything that is started there.",
  "For a grace period you can take it back on this page, with all that we have learned.",
  "Then its anomalies, its baseline and what was expected are deleted, within 72 hours from now.",
  "Nothing changes in AWS: delete the stack dd0c-cost-readonly there yourself.",
];

/** Says what happens, and does it only for who has typed the account's number. */
export function DisconnectForm({
  account: { accountId },
  onClose,
}: {
  account: Account;
  onClose: () => void;
}) {
  const { api } = useSignedIn();
  const { busy, change } = useChange(accountId);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string>();
  const disconnect = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== accountId) return setProblem("This is not the number of this account.");
    const isDone = await change(
      () => taken(api.DELETE("/v1/accounts/{accountId}", { params: { path: { accountId } } })),
      { failed: "It was not disconnected." },
    );
    if (isDone) onClose();
  };
  return (
    <form noValidate onSubmit={disconnect} className="space-y-4">
      <ul className="list-disc space-y-1.5 pl-5 text-sm marker:text-line-strong">
        {WHAT_HAPPENS.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <TextField
        label={`Type ${accountId} to confirm`}
        autoFocus
        inputMode="numeric"
        autoComplete="off"
        className="font-mono"
        value={typed}
        problem={problem}
        onChange={(event) => {
          setTyped(event.target.value);
          setProblem(undefined);
        }}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button type="submit" look="danger" busy={busy}>
          Disconnect
        </Button>
      </div>
    </form>
  );
}
