import { loadConfig } from "@/session/config";
import { useEffect, useState } from "react";

/** Says so where everything around the page is played on one machine. Its place is kept free. */
export function LocalNote() {
  const [local, setLocal] = useState(false);
  useEffect(() => {
    loadConfig().then(
      (config) => setLocal(config.local),
      // Whoever signs in hears what is wrong.
      () => undefined,
    );
  }, []);
  return (
    <p className="mt-4 min-h-12 max-w-prose text-sm text-muted" aria-live="polite">
      {local && (
        <>
          This is running on your machine: sign in as <strong className="text-ink">local</strong>,
          and you see the accounts whose events come to it.
        </>
      )}
    </p>
  );
}
