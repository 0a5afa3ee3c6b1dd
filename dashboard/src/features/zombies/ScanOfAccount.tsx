import { nameOf } from "@/features/accounts/words";
import { isPast, standingOf, type ScanStanding } from "@/features/zombies/scan";
import { type AccountScan } from "@/features/zombies/useScans";
import { money } from "@/format/money";
import { regionsSearched, unjudgedWords } from "@/format/scan";
import { count } from "@/format/words";
import { Progress } from "@/ui/Progress";
import { Ago, useNow } from "@/ui/time";
import Link from "next/link";

/** The search of one account: how far it is, what could not be judged, what AWS charges for it. */
export function ScanOfAccount({ of: { account, scan, unreadable } }: { of: AccountScan }) {
  const standing = standingOf(scan);
  const unjudged = unjudgedWords(scan?.unjudged ?? {});
  return (
    <li className="space-y-1 py-3 text-sm first:pt-0 last:pb-0">
      <div className="flex items-baseline justify-between gap-3">
        <Link
          href={`/dashboard/account?id=${account.accountId}`}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {nameOf(account)}
        </Link>
        {scan && <span className="shrink-0 text-muted">{count(scan.zombies, "find")}</span>}
      </div>
      <p className="text-muted">
        {unreadable ? "It cannot be read just now." : <Standing of={standing} />}
      </p>
      {standing.is === "searching" && (
        <Progress
          label={`Search of ${nameOf(account)}`}
          percent={(100 * standing.done) / Math.max(1, standing.of)}
        />
      )}
      {unjudged.length > 0 && <Unjudged words={unjudged} />}
      {scan && scan.metrics > 0 && (
        <p className="text-muted">AWS charged you {money(scan.cost)} for its metrics.</p>
      )}
    </li>
  );
}

function Standing({ of }: { of: ScanStanding }) {
  if (of.is === "waiting") return "The first look has not begun yet.";
  if (of.is === "searching") return `Looking: ${regionsSearched(of)}.`;
  return (
    <>
      Looked <Ago at={of.at} />, <Again at={of.next} />
    </>
  );
}

function Again({ at }: { at: string }) {
  if (isPast(at, useNow())) return "a new look is due";
  return (
    <>
      again <Ago at={at} />
    </>
  );
}

function Unjudged({ words }: { words: readonly string[] }) {
  return (
    <details>
      <summary className="rounded text-warning">Not all could be judged</summary>
      <ul className="mt-1 list-disc pl-5 text-muted">
        {words.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <p className="mt-1 text-muted">
        What was not measured is not called idle. Mostly it is younger than 14 days, or AWS did not
        let us ask.
      </p>
    </details>
  );
}
