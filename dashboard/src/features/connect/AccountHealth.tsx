import { useGet } from "@/api/read";
import { HealthSkeleton, HealthView } from "@/features/health/HealthView";
import { readEvery, type Health } from "@/features/health/words";
import { Card } from "@/ui/Card";
import { Failed } from "@/ui/states";
import { useState } from "react";

/** The health of an account that was just connected, live until nothing more is about to change. */
export function AccountHealth({ account }: { account: string }) {
  const [since] = useState(() => Date.now());
  const { body, error, retry } = useGet(
    "/v1/accounts/{accountId}/health",
    { path: { accountId: account } },
    {
      refreshInterval: (kept?: { body: Health }) =>
        readEvery(kept?.body, { often: 3_000, since, now: Date.now() }),
    },
  );
  return (
    <Card
      title={
        <>
          Account <span className="font-mono">{account}</span> is connected
        </>
      }
      hint="What we see of it now. The first events of a region may take some minutes to arrive; you need not wait for them."
    >
      {body ? (
        <HealthView health={body} />
      ) : error ? (
        <Failed error={error} retry={retry} />
      ) : (
        <HealthSkeleton />
      )}
    </Card>
  );
}
