import { type components } from "@/api/schema";
import { nameOf } from "@/features/accounts/words";
import { count } from "@/format/words";
import { Badge } from "@/ui/Badge";
import { Meter } from "@/ui/Meter";
import { Skeleton } from "@/ui/states";
import { Ago } from "@/ui/time";
import Link from "next/link";

type Account = components["schemas"]["Account"];

/** How many are shown here. */
const SHOWN = 6;

/** The accounts that are watched: whether all is well with them, and how far they are learned. */
export function Accounts({ accounts }: { accounts: readonly Account[] | undefined }) {
  return (
    <section
      aria-labelledby="overview-accounts"
      className="self-start overflow-hidden rounded-xl border border-line bg-surface shadow-raised"
    >
      <header className="flex items-baseline justify-between gap-4 px-5 py-4">
        <h2 id="overview-accounts" className="text-base font-semibold">
          Accounts
        </h2>
        <Link
          href="/dashboard/accounts"
          className="rounded text-sm font-medium text-accent hover:underline"
        >
          {accounts && accounts.length > SHOWN ? `See all ${accounts.length}` : "See all"}
        </Link>
      </header>
      {accounts ? (
        <ul className="divide-y divide-line border-t border-line">
          {troubledFirst(accounts)
            .slice(0, SHOWN)
            .map((account) => (
              <AccountRow key={account.accountId} account={account} />
            ))}
        </ul>
      ) : (
        <Coming />
      )}
    </section>
  );
}

function AccountRow({ account }: { account: Account }) {
  const { accountId, alias, lastEventAt, daysLeftToLearn, baselineMaturity } = account;
  return (
    <li className="relative space-y-1.5 px-5 py-3.5 transition-colors hover:bg-sunken">
      <div className="flex items-start justify-between gap-3">
        <Link
          href={`/dashboard/account?id=${accountId}`}
          className="min-w-0 font-medium break-words after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {nameOf(account)}
        </Link>
        <Health account={account} />
      </div>
      {daysLeftToLearn > 0 && (
        <div className="space-y-1">
          <p className="text-sm text-muted">{count(daysLeftToLearn, "day")} left to learn</p>
          <Meter part={baselineMaturity / 100} />
        </div>
      )}
      <p className="text-sm text-muted">
        {alias && `${accountId} · `}
        {lastEventAt ? (
          <>
            last event <Ago at={lastEventAt} />
          </>
        ) : (
          "no event yet"
        )}
      </p>
    </li>
  );
}

function Health({ account: { status, findings } }: { account: Account }) {
  switch (status) {
    case "active":
      return <Badge tone="good">Watched</Badge>;
    case "degraded":
      return <Badge tone="warning">{findings > 0 ? count(findings, "finding") : "Degraded"}</Badge>;
    case "paused":
      return <Badge tone="critical">Paused: not paid</Badge>;
    case "disconnecting":
      return <Badge>Disconnecting</Badge>;
  }
}

function troubledFirst(accounts: readonly Account[]): Account[] {
  const order = ["paused", "degraded", "active", "disconnecting"];
  return accounts.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}

function Coming() {
  return (
    <div
      role="status"
      aria-label="Loading accounts"
      className="space-y-5 border-t border-line px-5 py-4"
    >
      {[0, 1].map((row) => (
        <div key={row} className="space-y-2">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
