import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { type Body, type Read } from "@/api/read";
import { Confirm } from "@/features/settings/Confirm";
import { ordered, withRevokedAt, type ApiKey } from "@/features/settings/keyOrder";
import { KeyRow } from "@/features/settings/KeyRow";
import { useSignedIn } from "@/session/SessionProvider";
import { useEffect, useRef, useState } from "react";

type Keys = Body<"/v1/api-keys">;

/** All keys; one that is revoked is shown so at once, and as before if it could not be. */
export function KeyList({ read, keys }: { read: Read<Keys>; keys: readonly ApiKey[] }) {
  const { api } = useSignedIn();
  const { act } = useAct();
  const [asked, setAsked] = useState<ApiKey>();
  // The list may have been read again while a request was on its way.
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const revoke = async ({ id, revokedAt }: ApiKey) => {
    await read.put({ items: withRevokedAt(keys, id, new Date().toISOString()) });
    try {
      await taken(api.DELETE("/v1/api-keys/{keyId}", { params: { path: { keyId: id } } }));
    } catch (error) {
      // Shown as it was even where it cannot be read again; then as it is.
      await read.put({ items: withRevokedAt(latest.current, id, revokedAt ?? null) });
      await read.put();
      throw error;
    }
    await read.put();
  };
  const confirm = async () => {
    if (!asked) return;
    const { name } = asked;
    await act(() => revoke(asked), {
      done: `${name} opens nothing any more.`,
      failed: `${name} was not revoked.`,
    });
  };
  return (
    <>
      <ul className="-mx-5 -mb-5 divide-y divide-line border-t border-line">
        {ordered(keys).map((key) => (
          <KeyRow key={key.id} of={key} onRevoke={() => setAsked(key)} />
        ))}
      </ul>
      <Confirm
        title={asked ? `Revoke ${asked.name}?` : ""}
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        does="Revoke"
        onConfirm={confirm}
      >
        Programs that use it are refused from now on. It cannot be undone: make a new key instead.
      </Confirm>
    </>
  );
}
