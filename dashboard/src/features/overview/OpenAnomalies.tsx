import { Coming } from "@/features/anomalies/Coming";
import { useGet, type Body } from "@/api/read";
import { type AccountNames } from "@/features/anomalies/accountNames";
import { AnomalyRow } from "@/features/anomalies/AnomalyRow";
import { urgentFirst } from "@/features/overview/order";
import { count } from "@/format/words";
import { later } from "@/ui/later";
import { Failed } from "@/ui/states";
import Link from "next/link";
import { type ReactNode } from "react";

const Quiet = later(
  async () => (await import("@/features/overview/Quiet")).Quiet,
  <div className="min-h-64 flex-1 border-t border-line" />,
);

/** How many are shown here; all of them stand on their own page. */
const SHOWN = 5;

/** What is open, the most urgent of the newest on top; nothing open is good news. */
export function OpenAnomalies({
  status,
  accounts,
}: {
  status: Body<"/v1/status"> | undefined;
  accounts: AccountNames;
}) {
  const { body, error, retry } = useGet(
    "/v1/anomalies",
    { query: { status: "open", limit: 100 } },
    { refreshInterval: 10_000 },
  );
  if (!body && error) {
    return (
      <Frame>
        <Failed error={error} retry={retry} />
      </Frame>
    );
  }
  if (!body || !status) {
    return (
      <Frame>
        <Coming rows={3} label="Loading open anomalies" className="border-t border-line" />
      </Frame>
    );
  }
  // Sorted is what was read: the newest. Others are counted, and stand on their own page.
  const open = urgentFirst(body.items);
  // Rare ones may stand on a later page: then there is no quiet, though this page is empty.
  const number = Math.max(open.length, status.openAnomalies);
  if (number === 0) {
    return (
      <Frame>
        <Quiet status={status} />
      </Frame>
    );
  }
  return (
    <Frame aside={<All open={number} />}>
      <ul className="divide-y divide-line border-t border-line empty:hidden">
        {open.slice(0, SHOWN).map((anomaly) => (
          <li key={anomaly.id}>
            <AnomalyRow
              anomaly={anomaly}
              account={accounts.nameOf(anomaly.accountId)}
              showStanding={false}
            />
          </li>
        ))}
      </ul>
      {number > open.length && (body.next || open.length === 0) && (
        <Older number={number - open.length} isAll={open.length === 0} />
      )}
      {status.snoozedAnomalies > 0 && <Snoozed number={status.snoozedAnomalies} />}
    </Frame>
  );
}

function Frame({ aside, children }: { aside?: ReactNode; children: ReactNode }) {
  return (
    <section
      aria-labelledby="open-anomalies"
      className="flex flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-raised"
    >
      <header className="flex items-baseline justify-between gap-4 px-5 py-4">
        <h2 id="open-anomalies" className="text-base font-semibold">
          Open anomalies
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

function All({ open }: { open: number }) {
  return (
    <Link
      href="/dashboard/anomalies?status=open"
      className="rounded text-sm font-medium text-accent hover:underline"
    >
      {open > SHOWN ? `See all ${open}` : "See all"}
    </Link>
  );
}

/** Those that were not read: they are no part of what is sorted above. */
function Older({ number, isAll }: { number: number; isAll: boolean }) {
  return (
    <p className="border-t border-line px-5 py-3 text-sm text-muted">
      {isAll
        ? `${count(number, "anomaly is", "anomalies are")} open, but not among the newest.`
        : `These are the newest. ${count(number, "older one is", "older ones are")} open, too.`}{" "}
      <Link
        href="/dashboard/anomalies?status=open"
        className="rounded underline decoration-line-strong underline-offset-4 hover:text-ink"
      >
        {isAll ? "Look for them" : "See all of them"}
      </Link>
    </p>
  );
}

function Snoozed({ number }: { number: number }) {
  return (
    <p className="border-t border-line px-5 py-3 text-sm text-muted">
      <Link
        href="/dashboard/anomalies?status=snoozed"
        className="rounded underline decoration-line-strong underline-offset-4 hover:text-ink"
      >
        {count(number, "more is snoozed", "more are snoozed")}
      </Link>
    </p>
  );
}
