import { taken } from "@/api/client";
import { useChange } from "@/features/accounts/useChange";
import { type Account } from "@/features/accounts/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { useState, type FormEvent } from "react";

const LONGEST = 64;

interface Renaming {
  account: Account;
  /** Of what is shown: who was quicker is not overwritten. */
  etag: string | undefined;
  onClose: () => void;
}

/** Gives an account a name. */
export function Rename({ open, ...rest }: Renaming & { open: boolean }) {
  return (
    <Dialog title="Name this account" open={open} onClose={rest.onClose}>
      <Form {...rest} />
    </Dialog>
  );
}

function Form({ account: { accountId, alias }, etag, onClose }: Renaming) {
  const { api } = useSignedIn();
  const { busy, change } = useChange(accountId);
  const [name, setName] = useState(alias ?? "");
  const [began, setBegan] = useState(etag);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const version = began ?? etag;
    const params = { path: { accountId }, header: version ? { "If-Match": version } : {} };
    const body = { alias: name.trim() || null };
    const isDone = await change(
      () => taken(api.PATCH("/v1/accounts/{accountId}", { params, body })),
      {
        done: body.alias ? `It is called ${body.alias} now.` : "The name is gone.",
        failed: FAILED,
      },
    );
    if (isDone) return onClose();
    // He was told that somebody else was quicker: what he sends now is meant for what there is now.
    setBegan(undefined);
  };
  return (
    <form onSubmit={save} className="space-y-4">
      <TextField
        label="Name"
        autoFocus
        autoComplete="off"
        maxLength={LONGEST}
        value={name}
        onChange={(event) => setName(event.target.value)}
        hint="It stands on cards in Slack, too. Leave it empty to use the number."
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

const FAILED = "The name was not changed.";
