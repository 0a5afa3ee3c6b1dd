import { timeOf, whatOf, whoOf, type Entry, type Who } from "@/features/audit/entries";
import { moment } from "@/format/time";
import { Badge } from "@/ui/Badge";
import Link from "next/link";

const BADGES: Record<Who["is"], string | undefined> = {
  person: undefined,
  operator: "our support",
  rules: undefined,
};

/** One change: who, what, of which account, from what to what, and why. */
export function AuditEntry({ entry, nameOf }: { entry: Entry; nameOf: (id: string) => string }) {
  const { name, is } = whoOf(entry.who);
  const badge = BADGES[is];
  return (
    <li className="grid gap-x-6 gap-y-1 px-5 py-4 text-sm md:grid-cols-[11rem_minmax(0,1fr)]">
      <div className="flex flex-wrap items-baseline gap-x-2 md:block">
        <p className="font-medium [overflow-wrap:anywhere]">
          {name} {badge && <Badge tone="info">{badge}</Badge>}
        </p>
        <time dateTime={entry.at} title={moment(entry.at)} className="text-muted">
          {timeOf(entry)}
        </time>
      </div>
      <div className="min-w-0">
        <p>
          <span className="font-medium">{whatOf(entry.what)}</span>
          {entry.accountId && (
            <>
              {" of "}
              <Link href={`/dashboard/account?id=${entry.accountId}`} className="underline">
                {nameOf(entry.accountId)}
              </Link>
            </>
          )}
        </p>
        <Change of={entry} />
        {entry.why && <p className="mt-1 text-muted">Why: {entry.why}</p>}
      </div>
    </li>
  );
}

function Change({ of }: { of: Entry }) {
  return (
    <dl className="mt-1 space-y-0.5 [overflow-wrap:anywhere]">
      {of.old && (
        <div className="flex gap-2">
          <dt className="w-11 shrink-0 text-muted">before</dt>
          <dd className="min-w-0 text-muted">{of.old}</dd>
        </div>
      )}
      {of.new && (
        <div className="flex gap-2">
          <dt className="w-11 shrink-0 text-muted">now</dt>
          <dd className="min-w-0">{of.new}</dd>
        </div>
      )}
    </dl>
  );
}
