import { useSession } from "@/session/SessionProvider";
import { Alone } from "@/ui/Alone";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/states";
import { useRouter } from "next/router";
import { useEffect, type ReactNode } from "react";

/** Shows what is inside only to somebody who is signed in; leads everybody else there. */
export function Guard({ children }: { children: ReactNode }) {
  const { standing, retry, signIn } = useSession();
  const { asPath } = useRouter();
  const { is } = standing;

  useEffect(() => {
    if (is === "out") signIn(window.location.pathname + window.location.search);
  }, [is, signIn]);

  if (is === "in") return children;
  if (is === "expired" || is === "left") {
    return (
      <Alone title={is === "left" ? "You are signed out" : "Your session has ended"}>
        <p className="text-sm text-muted">Sign in again and you are back on this page.</p>
        {/* Never by itself: the issuer may not have ended its session yet, and would let him in again. */}
        <Button look="primary" onClick={() => signIn(asPath)}>
          Sign in again
        </Button>
      </Alone>
    );
  }
  if (is === "failed") {
    return (
      <Alone title="The dashboard cannot start">
        <p className="text-sm text-muted">Sign-in cannot be reached: {standing.why}</p>
        <Button look="primary" onClick={retry}>
          Try again
        </Button>
      </Alone>
    );
  }
  return (
    <div role="status" aria-label="Loading" className="mx-auto max-w-6xl space-y-4 p-6">
      <Skeleton className="h-8 w-40" />
      <Skeleton className="h-32 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
