import { createApi, type Api } from "@/api/client";
import { loadConfig, type Config } from "@/session/config";
import { type Login } from "@/session/login";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

/** How this tab stands with whoever sits before it. */
type Standing =
  | { readonly is: "loading" }
  | { readonly is: "failed"; readonly why: string }
  // `left`: signed out, here or in another tab.
  | { readonly is: "out" | "expired" | "left"; readonly login: Login; readonly config: Config }
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
  /** Leads to the issuer, and from there back to `returnTo`. */
  readonly signIn: (returnTo: string) => void;
  readonly signOut: () => void;
}

const NOBODY: Known = {
  standing: { is: "loading" },
  retry: () => undefined,
  signIn: () => undefined,
  signOut: () => undefined,
};
const Session = createContext<Known>(NOBODY);

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
      stopHearing = login.onSignedOutElsewhere(() => set({ is: "left", login, config }));
      const user = await login.user();
      if (!user) return set({ is: "out", login, config });
      // Not for who has left: what was under way then is refused, too.
      const expired = () =>
        setStanding((now) => (now.is === "in" && !gone ? { is: "expired", login, config } : now));
      const api = createApi(config.apiUrl, login, expired);
      set({ is: "in", login, config, api, name: user.name });
    };
    start().catch((error: unknown) => set(failed(error)));
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
      signIn: (returnTo: string) => {
        if (!("login" in standing)) return;
        standing.login.signIn(returnTo).catch((error: unknown) => setStanding(failed(error)));
      },
      signOut: () => {
        if (!("login" in standing)) return;
        const { login, config } = standing;
        // At once: nothing of his is shown while the issuer is told.
        setStanding({ is: "left", login, config });
        void login.signOut();
      },
    }),
    [standing],
  );
  return <Session value={known}>{children}</Session>;
}

function failed(error: unknown): Standing {
  return { is: "failed", why: String(error) };
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
