import { Alone } from "@/ui/Alone";
import { loadConfig } from "@/session/config";
import { type PageWithLayout } from "@/ui/page";
import { buttonClasses } from "@/ui/Button";
import { useRouter } from "next/router";
import { useEffect, useRef, useState } from "react";

/** Takes the answer of whoever signs people in. */
const Callback: PageWithLayout = () => {
  const router = useRouter();
  const [why, setWhy] = useState<string>();
  const begun = useRef(false);
  useEffect(() => {
    // The answer holds once.
    if (begun.current) return;
    begun.current = true;
    const finish = async () => {
      const [config, { Login }] = await Promise.all([loadConfig(), import("@/session/login")]);
      await router.replace(await new Login(config).finish());
    };
    finish().catch((error: unknown) =>
      setWhy(error instanceof Error ? error.message : String(error)),
    );
  }, [router]);
  if (why === undefined) {
    return (
      <Alone title="Signing you in…">
        <p className="text-sm text-muted">A moment.</p>
      </Alone>
    );
  }
  return (
    <Alone title="Signing in did not work">
      <p className="text-sm text-muted">{why}</p>
      <a href="/dashboard" className={buttonClasses("primary")}>
        Try again
      </a>
    </Alone>
  );
};
Callback.title = "Signing in";
export default Callback;
