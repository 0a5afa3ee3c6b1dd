import { type Body } from "@/api/read";
import { money } from "@/format/money";
import { duration } from "@/format/time";
import { Skeleton } from "@/ui/states";
import { Ago } from "@/ui/time";
import { Zap } from "lucide-react";
import { type ReactNode } from "react";

/** What runs now costs an hour and by the month's end, and how quickly we tell. */
export function RunRate({ status }: { status: Body<"/v1/status"> | undefined }) {
  return (
    <section
      aria-label="Run-rate"
      className="grid grid-cols-2 gap-x-6 gap-y-5 rounded-xl border border-line bg-surface p-5 shadow-raised lg:grid-cols-[1.2fr_1.2fr_1fr_1fr]"
    >
      <Figure name="Run-rate now" hint="of what we have seen started">
        {status && (
          <>
            {money(status.hourly)}
            <span className="text-lg font-medium text-muted">/h</span>
          </>
        )}
      </Figure>
      <Figure name="To the month’s end" hint="if all of it runs on">
        {status && money(status.untilMonthEnd)}
      </Figure>
      <Small name="From event to message" hint="of the newest that is open">
        {status && <Seconds seconds={status.secondsToAlert} />}
      </Small>
      <Small name="Last event" hint="that costs something">
        {status && (status.lastEventAt ? <Ago at={status.lastEventAt} /> : "None yet")}
      </Small>
    </section>
  );
}

function Seconds({ seconds }: { seconds: number | null | undefined }) {
  if (seconds === null || seconds === undefined) return <span className="text-muted">–</span>;
  return (
    <span className="inline-flex items-center gap-1.5">
      <Zap aria-hidden className="size-4.5 text-accent" />
      {seconds < 1 ? "under 1 s" : duration(seconds)}
    </span>
  );
}

function Figure({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div>
      <h2 className="text-sm font-medium text-muted">{name}</h2>
      <div className="mt-1 flex h-10 items-baseline text-3xl font-semibold tracking-tight tabular-nums md:h-11 md:text-4xl">
        {children ?? <Skeleton className="my-1 h-8 w-32 max-w-full" />}
      </div>
      <p className="text-sm text-muted">{hint}</p>
    </div>
  );
}

function Small({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div className="lg:border-l lg:border-line lg:pl-6">
      <h2 className="text-sm font-medium text-muted">{name}</h2>
      <div className="mt-1 flex h-10 items-center text-lg font-semibold tabular-nums md:h-11 md:text-xl">
        {children ?? <Skeleton className="my-1 h-6 w-20" />}
      </div>
      <p className="text-sm text-muted">{hint}</p>
    </div>
  );
}
