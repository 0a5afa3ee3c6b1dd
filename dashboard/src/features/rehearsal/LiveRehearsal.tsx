import { useGet } from "@/api/read";
import { Rehearsal } from "@/features/rehearsal/Rehearsal";
import { type Report } from "@/features/rehearsal/words";
import { Failed, Skeleton } from "@/ui/states";

/** The rehearsal of an account, read again while it runs. */
export function LiveRehearsal({ account }: { account: string }) {
  const { body, error, retry } = useGet(
    "/v1/accounts/{accountId}/rehearsal",
    { path: { accountId: account } },
    {
      refreshInterval: (kept?: { body: Report }) => (kept?.body.progress?.finishedAt ? 0 : 3_000),
    },
  );
  if (body) return <Rehearsal report={body} />;
  if (error) return <Failed error={error} retry={retry} />;
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      <Skeleton className="h-7 w-full max-w-lg" />
      <Skeleton className="h-5 w-64" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
