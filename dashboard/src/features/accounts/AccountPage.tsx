import { useGet } from "@/api/read";
import { AccountHead } from "@/features/accounts/AccountHead";
import { Disconnect } from "@/features/accounts/Disconnect";
import { Paused } from "@/features/accounts/Paused";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { later } from "@/ui/later";
import { PageHead } from "@/ui/PageHead";
import { Empty, Failed, Skeleton } from "@/ui/states";

// A first visit loads the head alone; each part comes while its figures are read.
const HealthCard = later(
  async () => (await import("@/features/accounts/HealthCard")).HealthCard,
  <Skeleton className="h-112 w-full rounded-xl" />,
);
const Disconnecting = later(
  async () => (await import("@/features/accounts/Disconnecting")).Disconnecting,
  <Skeleton className="h-24 w-full rounded-xl" />,
);
const GovernanceCard = later(
  async () => (await import("@/features/accounts/below")).GovernanceCard,
  <Skeleton className="h-72 w-full rounded-xl" />,
);
const LiveRehearsal = later(
  async () => (await import("@/features/rehearsal/LiveRehearsal")).LiveRehearsal,
  <Skeleton className="h-40 w-full" />,
);
const Baselines = later(
  async () => (await import("@/features/accounts/below")).Baselines,
  <Skeleton className="h-80 w-full rounded-xl" />,
);
const Expectations = later(
  async () => (await import("@/features/accounts/below")).Expectations,
  <Skeleton className="h-40 w-full rounded-xl" />,
);

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
      <>
        <PageHead title="Account" />
        <Card>
          <Failed error={error} retry={retry} />
        </Card>
      </>
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
    <>
      <PageHead title="Account" />
      <Card>
        <Empty
          title={id ? `Account ${id} is not one of yours` : "Which account?"}
          action={<ButtonLink href="/dashboard/accounts">All accounts</ButtonLink>}
        >
          It may have been disconnected, or the address is mistyped.
        </Empty>
      </Card>
    </>
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
