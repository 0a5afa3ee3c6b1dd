import { useGet } from "@/api/read";
import { type AccountNames } from "@/features/anomalies/accountNames";
import { parts, type Part, type Share } from "@/features/overview/shares";
import { money } from "@/format/money";
import { nameOfService, SERVICES } from "@/format/services";
import { count } from "@/format/words";
import { Meter } from "@/ui/Meter";
import { Card } from "@/ui/Card";
import { Failed, Skeleton } from "@/ui/states";
import Link from "next/link";
import { useId, useState } from "react";

/** What runs now, seen in four ways. */
export function Spend({ accounts }: { accounts: AccountNames }) {
  const { body, error, retry } = useGet("/v1/spend", undefined, { refreshInterval: 15_000 });
  return (
    <Card
      title="What runs now"
      hint="An estimate at list prices of what we have seen started; never a bill."
      aside={body && <p className="text-sm text-muted">{count(body.resources, "resource")}</p>}
    >
      {!body && error ? (
        <Failed error={error} retry={retry} />
      ) : body?.resources === 0 ? (
        <p className="py-6 text-center text-muted">
          Nothing that we have seen started runs and costs something.
        </p>
      ) : (
        <div className="grid grid-cols-1 gap-x-10 gap-y-6 md:grid-cols-2">
          <Split
            title="By service"
            shares={body?.byService}
            nameOf={nameOfService}
            linkOf={anomaliesOfService}
          />
          <Split title="By region" shares={body?.byRegion} />
          <Split title="By who started it" shares={body?.byActor} />
          <Split
            title="By account"
            shares={body?.byAccount}
            nameOf={accounts.nameOf}
            linkOf={pageOfAccount}
          />
        </div>
      )}
    </Card>
  );
}

function Split({
  title,
  shares,
  nameOf = (name) => name,
  linkOf,
}: {
  title: string;
  shares: readonly Share[] | undefined;
  nameOf?: (name: string) => string;
  linkOf?: (name: string) => string | undefined;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { named, rest } = parts(shares ?? []);
  return (
    <div>
      <h3 id={id} className="mb-2 text-sm font-medium text-muted">
        {title}
      </h3>
      {shares ? (
        <ul aria-labelledby={id} className="space-y-2.5">
          {[...named, ...(open ? rest : [])].map((part) => (
            <ShareRow
              key={part.share.name}
              part={part}
              name={nameOf(part.share.name)}
              href={linkOf?.(part.share.name)}
            />
          ))}
        </ul>
      ) : (
        <Coming />
      )}
      {rest.length > 0 && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-2 rounded text-sm font-medium text-accent hover:underline"
        >
          {open ? "Show fewer" : `The rest: ${rest.length} more`}
        </button>
      )}
    </div>
  );
}

function anomaliesOfService(service: string): string | undefined {
  return service in SERVICES ? `/dashboard/anomalies?service=${service}` : undefined;
}

function pageOfAccount(account: string): string | undefined {
  return /^\d{12}$/.test(account) ? `/dashboard/account?id=${account}` : undefined;
}

function ShareRow({
  part: { share, part },
  name,
  href,
}: {
  part: Part;
  name: string;
  href: string | undefined;
}) {
  return (
    <li>
      <div className="mb-1 flex items-baseline justify-between gap-3 text-sm">
        <span className="min-w-0 truncate" title={name}>
          {href ? (
            <Link href={href} className="rounded hover:text-accent hover:underline">
              {name}
            </Link>
          ) : (
            name
          )}
        </span>
        <span className="shrink-0 tabular-nums">
          <span className="hidden text-muted sm:inline">
            {count(share.resources, "resource")} ·{" "}
          </span>
          {money(share.hourly)}/h
        </span>
      </div>
      <Meter part={part} />
    </li>
  );
}

function Coming() {
  return (
    <div role="status" aria-label="Loading" className="space-y-2.5">
      {[0, 1, 2].map((row) => (
        <Skeleton key={row} className="h-7.5 w-full" />
      ))}
    </div>
  );
}
