import { useGet } from "@/api/read";
import { HealthSkeleton, HealthView } from "@/features/health/HealthView";
import { isSettled, type Health } from "@/features/health/words";
import { Card } from "@/ui/Card";
import { Failed } from "@/ui/states";

/** The health of an account that was just connected, live until nothing more is about to change. */
export function AccountHealth({ account }: { account: string }) {
  const { body, error, retry } = useGet(
    "/v1/accounts/{accountId}/health",
    { path: { accountId: account } },
    {
      refreshInterval: (kept?: { body: Health }) => (kept && isSettled(kept.body) ? 15_000 : 3_000),
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
