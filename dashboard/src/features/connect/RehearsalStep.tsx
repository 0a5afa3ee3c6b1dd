import { useAccounts } from "@/features/accounts/useAccounts";
import { addressOf, type Place } from "@/features/connect/place";
import { LiveRehearsal } from "@/features/rehearsal/LiveRehearsal";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Empty, Failed, Skeleton } from "@/ui/states";
import { Eye, History } from "lucide-react";

/** The third step: what we would have told you, had you had us before. */
export function RehearsalStep({ place }: { place: Place }) {
  const accounts = useAccounts(!place.account);
  // Who comes without an account means the one that was connected last.
  const newest = accounts.body?.items.toSorted((a, b) =>
    b.connectedAt.localeCompare(a.connectedAt),
  )[0];
  const account = place.account ?? newest?.accountId;
  if (account) {
    return (
      <>
        <Card
          title="Had we been there before"
          hint={`Account ${account}, read from what CloudTrail keeps of its last 90 days. Nobody is told of it.`}
        >
          <LiveRehearsal account={account} />
        </Card>
        <WatchedOver />
      </>
    );
  }
  return (
    <Card>
      {accounts.body ? (
        <Empty
          icon={<History aria-hidden className="size-8" />}
          title="There is nothing to rehearse yet"
          action={
            <ButtonLink look="primary" href={addressOf({ ...place, step: "aws" })}>
              Connect an account
            </ButtonLink>
          }
        >
          Once an account is connected we read its last 90 days and show what we would have told
          you.
        </Empty>
      ) : accounts.error ? (
        <Failed error={accounts.error} retry={accounts.retry} />
      ) : (
        <Skeleton className="h-32 w-full" />
      )}
    </Card>
  );
}

function WatchedOver() {
  return (
    <section
      aria-label="Done"
      className="flex flex-wrap items-center gap-4 rounded-xl bg-accent-soft p-5"
    >
      <Eye aria-hidden className="size-8 shrink-0 text-accent-strong" />
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="font-semibold">You are being watched over</h2>
        <p className="text-sm">
          For two weeks we learn what is usual. What is dangerous in any account is told from the
          first second.
        </p>
      </div>
      <ButtonLink look="primary" href="/dashboard">
        To the overview
      </ButtonLink>
    </section>
  );
}
