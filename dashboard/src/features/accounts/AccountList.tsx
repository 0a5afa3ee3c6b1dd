import { usePages } from "@/api/read";
import { AccountRow } from "@/features/accounts/AccountRow";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { LoadMore } from "@/ui/LoadMore";
import { Empty, Failed, Skeleton } from "@/ui/states";
import { Cloud } from "lucide-react";

/** All accounts, with how each stands. */
export function AccountList() {
  const accounts = usePages("/v1/accounts", undefined, { refreshInterval: 15_000 });
  const { items, error, retry } = accounts;
  if (!items && error) {
    return (
      <Card>
        <Failed error={error} retry={retry} />
      </Card>
    );
  }
  if (!items) return <ListSkeleton />;
  if (items.length === 0) return <None />;
  return (
    <>
      <ul className="space-y-3">
        {items.map((account) => (
          <AccountRow key={account.accountId} account={account} />
        ))}
      </ul>
      <LoadMore of={accounts} />
    </>
  );
}

function None() {
  return (
    <Card>
      <Empty
        icon={<Cloud aria-hidden className="size-8" />}
        title="No account is connected yet"
        action={
          <ButtonLink look="primary" href="/dashboard/connect">
            Connect an account
          </ButtonLink>
        }
      >
        It takes about five minutes. We read only, and you can take it back at any time.
      </Empty>
    </Card>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-44 w-full rounded-xl md:h-28" />
      ))}
    </div>
  );
}
