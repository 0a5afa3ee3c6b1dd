import { useGet } from "@/api/read";
import { AccountHead } from "@/features/accounts/AccountHead";
import { Baselines } from "@/features/accounts/Baselines";
import { Disconnect } from "@/features/accounts/Disconnect";
import { Disconnecting } from "@/features/accounts/Disconnecting";
import { Expectations } from "@/features/accounts/Expectations";
import { GovernanceCard } from "@/features/accounts/GovernanceCard";
import { HealthCard } from "@/features/accounts/HealthCard";
import { Paused } from "@/features/accounts/Paused";
import { LiveRehearsal } from "@/features/rehearsal/LiveRehearsal";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Empty, Failed, Skeleton } from "@/ui/states";

const REHEARSAL =
  "What we would have told you, had we watched in the 90 days before. Nobody was told of it.";

/** All of one account. */
export function AccountPage({ id }: { id: string }) {
  const { body, etag, error, retry } = useGet(
    "/v1/accounts/{accountId}",
    { path: { accountId: id } },
    { refreshInterval: 15_000 },
  );
  if (!body && error?.status === 404) return <Unknown id={id} />;
  if (!body && error) {
    return (
      <Card>
        <Failed error={error} retry={retry} />
      </Card>
    );
  }
  if (!body) return <AccountSkeleton />;
  const isGoing = body.status === "disconnecting";
  return (
    <>
      <AccountHead account={body} etag={etag} />
      {isGoing && <Disconnecting account={body} />}
      {body.status === "paused" && <Paused />}
      <HealthCard id={id} />
      <GovernanceCard id={id} />
      <Card title="The rehearsal" hint={REHEARSAL}>
        <LiveRehearsal account={id} />
      </Card>
      <Baselines id={id} />
      <Expectations id={id} />
      {!isGoing && <Disconnect account={body} />}
    </>
  );
}

/** There is no account of this number here. */
export function Unknown({ id }: { id: string | undefined }) {
  return (
    <Card>
      <Empty
        title={id ? `Account ${id} is not one of yours` : "Which account?"}
        action={<ButtonLink href="/dashboard/accounts">All accounts</ButtonLink>}
      >
        It may have been disconnected, or the address is mistyped.
      </Empty>
    </Card>
  );
}

/** Stands where an account is about to be. */
export function AccountSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-5">
      <Skeleton className="h-14 w-72" />
      <Skeleton className="h-24 w-full rounded-xl" />
      <Skeleton className="h-96 w-full rounded-xl" />
      <Skeleton className="h-64 w-full rounded-xl" />
    </div>
  );
}
