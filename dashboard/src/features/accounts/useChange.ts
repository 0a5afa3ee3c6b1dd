import { isOfAccount, notChanged } from "@/features/accounts/changed";
import { useToasts } from "@/ui/Toasts";
import { useCallback, useState } from "react";
import { useSWRConfig } from "swr";

/** Changes an account; whatever came of it, all that is shown of the account is read again. */
export function useChange(account: string): {
  readonly busy: boolean;
  readonly change: (
    does: () => Promise<unknown>,
    words: { done?: string; failed: string },
  ) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const toasts = useToasts();
  const { mutate } = useSWRConfig();
  const change = useCallback(
    async (does: () => Promise<unknown>, words: { done?: string; failed: string }) => {
      setBusy(true);
      try {
        await does();
        if (words.done) toasts.done(words.done);
        return true;
      } catch (thrown) {
        const { what, error } = notChanged(thrown, words.failed);
        toasts.failed(what, error);
        return false;
      } finally {
        // One version stands for all of an account: its name, its governance, how it stands. Until it is
        // read again the next change would be one of the version before.
        void Promise.resolve(mutate((key) => isOfAccount(key, account)))
          .catch(() => undefined)
          .finally(() => setBusy(false));
      }
    },
    [account, mutate, toasts],
  );
  return { busy, change };
}
