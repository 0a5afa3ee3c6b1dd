import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { WHAT_HAPPENS, WORD } from "@/features/tenant/words";
import { useSignedIn } from "@/session/SessionProvider";
import { ConfirmByWord } from "@/ui/ConfirmByWord";
import { useSWRConfig } from "swr";

/** Deletes everything for who has typed the word. */
export function DeleteForm({ onClose }: { onClose: () => void }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const { mutate } = useSWRConfig();
  const erase = async () => {
    const isDone = await act(() => taken(api.DELETE("/v1/tenant", { body: { confirm: WORD } })), {
      failed: "Nothing was deleted.",
    });
    // Everything looks different from now on.
    void mutate(() => true);
    return isDone;
  };
  return (
    <ConfirmByWord
      happens={WHAT_HAPPENS}
      word={WORD}
      wrong={`Type the word ${WORD}.`}
      action="Delete everything"
      keep="Keep everything"
      busy={busy}
      onConfirm={erase}
      onClose={onClose}
    />
  );
}
