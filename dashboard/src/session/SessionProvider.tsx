import { createApi, type Api } from "@/api/client";
import { loadConfig, type Config } from "@/session/config";
import { type Login } from "@/session/login";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

/** How this tab stands with whoever sits before it. */
type Standing =
  | { readonly is: "loading" }
  | { readonly is: "failed"; readonly why: string }
  | { readonly is: "out" | "expired"; readonly login: Login; readonly config: Config }
  | {
      readonly is: "in";
      readonly login: Login;
      readonly config: Config;
      readonly api: Api;
      /** As the issuer calls the person. */
      readonly name: string;
    };

/** Somebody who is signed in. */
export type SignedIn = Extract<Standing, { is: "in" }>;

interface Known {
  readonly standing: Standing;
  readonly retry: () => void;
}

const Session = createContext<Known>({ standing: { is: "loading" }, retry: () => undefined });

/** Knows who sits there, renews his token, and hears when his session has ended anywhere. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [standing, setStanding] = useState<Standing>({ is: "loading" });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let gone = false;
    let stopHearing: (() => void) | undefined;
    const set = (next: Standing) => {
      if (!gone) setStanding(next);
    };
    const start = async () => {
      const config = await loadConfig();
      const { Login } = await import("@/session/login");
      const login = new Login(config);
      // Not "out": the issuer may still know the browser, and would let it in again without a question.
      stopHearing = login.onSignedOutElsewhere(() => set({ is: "expired", login, config }));
      const user = await login.user();
      if (!user) return set({ is: "out", login, config });
      const expired = () => set({ is: "expired", login, config });
      const api = createApi(config.apiUrl, login, expired);
      set({ is: "in", login, config, api, name: user.name });
    };
    start().catch((error: unknown) => set({ is: "failed", why: String(error) }));
    return () => {
      gone = true;
      stopHearing?.();
    };
  }, [attempt]);

  const known = useMemo(
    () => ({
      standing,
      retry: () => {
        setStanding({ is: "loading" });
        setAttempt((count) => count + 1);
      },
    }),
    [standing],
  );
  return <Session value={known}>{children}</Session>;
}

/** How this tab stands. */
export function useSession(): Known {
  return useContext(Session);
}

/** Who is signed in; only for what stands inside of {@link Guard}. */
export function useSignedIn(): SignedIn {
  const { standing } = useContext(Session);
  if (standing.is !== "in") throw new Error("only for pages that are guarded");
  return standing;
}
