import { useToasts } from "@/ui/Toasts";
import { useCallback, useState } from "react";

/** What people read about something that they did. */
interface Words {
  /** Once it is done; nothing is said where the page shows it. */
  readonly done?: string;
  /** Before the reason why it could not be done: `The key was not revoked.` */
  readonly failed: string;
}

/** Does one thing at a time, and says how it went. `act` answers whether it was done. */
export function useAct(): {
  readonly busy: boolean;
  readonly act: (does: () => Promise<unknown>, words: Words) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const toasts = useToasts();
  const act = useCallback(
    async (does: () => Promise<unknown>, { done, failed }: Words) => {
      setBusy(true);
      try {
        await does();
        if (done) toasts.done(done);
        return true;
      } catch (error) {
        toasts.failed(failed, error);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [toasts],
  );
  return { busy, act };
}
