import { AlertCard } from "@/features/landing/AlertCard";
import { LocalNote } from "@/features/landing/LocalNote";
import { buttonClasses } from "@/ui/Button";
import { Check } from "lucide-react";

const PROMISES = ["Free for one account", "Read-only", "No agents"];

/** What it is, for whom, and how to begin. */
export function Hero() {
  return (
    <section className="mx-auto grid max-w-6xl gap-10 px-4 pt-8 pb-16 md:px-8 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:items-center lg:gap-14 lg:pt-10">
      <div>
        <h1 className="text-4xl leading-[1.1] font-semibold tracking-tight sm:text-5xl">
          Hear within seconds when AWS gets expensive
        </h1>
        <p className="mt-5 max-w-prose text-lg text-muted">
          Somebody starts something costly, and the right people read in Slack who it was, what and
          where it is, what it costs an hour and by the month&apos;s end, why that is unusual, and
          how to stop it. The bill would tell you a day or two later.
        </p>
        <p className="mt-4 max-w-prose">
          For teams that run on AWS: a mistake, a loop or a stolen key is found while it has cost
          dollars, not thousands.
        </p>
        <div className="mt-7 flex flex-wrap gap-3">
          <a
            href="/dashboard/connect"
            className={buttonClasses("primary", "min-h-12 px-6 text-base")}
          >
            Start free
          </a>
          <a href="/dashboard" className={buttonClasses("secondary", "min-h-12 px-6 text-base")}>
            Sign in
          </a>
        </div>
        <ul className="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
          {PROMISES.map((promise) => (
            <li key={promise} className="flex items-center gap-1.5">
              <Check aria-hidden className="size-4 text-accent" />
              {promise}
            </li>
          ))}
        </ul>
        <LocalNote />
      </div>
      <AlertCard />
    </section>
  );
}
