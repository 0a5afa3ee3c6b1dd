import { type Body } from "@/api/read";
import { count } from "@/format/words";
import { Ago } from "@/ui/time";
import Link from "next/link";

/** Nothing is open: what everybody wants to see. */
export function Quiet({ status }: { status: Body<"/v1/status"> }) {
  const { watched, snoozedAnomalies } = status;
  return (
    <div className="flex flex-1 flex-col items-center justify-center border-t border-line px-5 pt-10 pb-9 text-center">
      {watched > 0 && <CalmLine />}
      <p className="mt-5 text-xl font-semibold tracking-tight">
        {watched > 0 ? "All quiet" : "Nothing is watched"}
      </p>
      <p className="mt-1 max-w-prose text-muted">
        {watched > 0 ? <Watching status={status} /> : <NothingWatched />}
      </p>
      <p className="mt-4 flex flex-wrap justify-center gap-x-4 gap-y-1 text-sm">
        {snoozedAnomalies > 0 && (
          <Link
            href="/dashboard/anomalies?status=snoozed"
            className="rounded font-medium text-accent hover:underline"
          >
            {count(snoozedAnomalies, "is snoozed", "are snoozed")}
          </Link>
        )}
        <Link
          href="/dashboard/anomalies"
          className="rounded font-medium text-accent hover:underline"
        >
          What there was before
        </Link>
      </p>
    </div>
  );
}

function Watching({ status: { accounts, watched, lastEventAt } }: { status: Body<"/v1/status"> }) {
  return (
    <>
      We are watching {watched < accounts && `${watched} of `}
      {count(accounts, "account")}
      {lastEventAt ? (
        <>
          ; last event <Ago at={lastEventAt} />.
        </>
      ) : (
        <>. Nothing that costs anything was started yet.</>
      )}
    </>
  );
}

/** Quiet that means nothing is not called so. */
function NothingWatched() {
  return (
    <>
      All your accounts are paused or on their way out. See{" "}
      <Link href="/dashboard/accounts" className="rounded font-medium text-accent hover:underline">
        why
      </Link>
      .
    </>
  );
}

/** Our sign's line, at rest. */
function CalmLine() {
  return (
    <svg aria-hidden viewBox="0 0 240 48" className="h-12 w-60 max-w-full">
      <path
        d="M8 24h76q8 0 12 -3t8 -3t8 6t8 6t8 -6t8 -3t12 3h92"
        className="fill-none stroke-accent-soft stroke-[6]"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M8 24h76q8 0 12 -3t8 -3t8 6t8 6t8 -6t8 -3t12 3h92"
        className="fill-none stroke-accent stroke-2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="232" cy="24" r="4" className="fill-accent" />
      <circle
        cx="232"
        cy="24"
        r="4"
        className="origin-[232px_24px] animate-ping fill-accent opacity-60 [animation-duration:3s]"
      />
    </svg>
  );
}
