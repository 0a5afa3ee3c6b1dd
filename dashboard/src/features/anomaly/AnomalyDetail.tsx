import { useAccountNames } from "@/features/anomalies/accountNames";
import { SeverityBadge, StandingBadge } from "@/features/anomalies/badges";
import { Actions } from "@/features/anomaly/Actions";
import { Coming } from "@/features/anomaly/Coming";
import { type Detail } from "@/features/anomaly/optimistic";
import { SlackCard } from "@/features/anomaly/SlackCard";
import { Standing } from "@/features/anomaly/Standing";
import { useAnomaly } from "@/features/anomaly/useAnomaly";
import { withoutRate } from "@/features/anomalies/anomaly";
import { Banner } from "@/ui/Banner";
import { later } from "@/ui/later";
import { PageHead } from "@/ui/PageHead";
import { Failed, Skeleton } from "@/ui/states";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";

/** Seldom seen. */
export const Unknown = later(
  async () => (await import("@/features/anomaly/Unknown")).Unknown,
  <Coming />,
);
/** Below what is read first: they may come a moment later. */
const Events = later(
  async () => (await import("@/features/anomaly/below")).Events,
  <Skeleton className="h-14 w-full rounded-xl" />,
);
const Related = later(
  async () => (await import("@/features/anomaly/below")).Related,
  <Skeleton className="h-32 w-full rounded-xl" />,
);
const ScoreChart = later(
  async () => (await import("@/features/anomaly/below")).ScoreChart,
  <Skeleton className="h-190 w-full rounded-xl" />,
);

/** All that is known of one anomaly, and what can be done about it. */
export function AnomalyDetail({ id }: { id: string }) {
  const { read, busy, run } = useAnomaly(id);
  const { nameOf } = useAccountNames();
  const { body, error, retry } = read;
  if (!body && error?.status === 404) return <Unknown />;
  if (!body && error) return <Failed error={error} retry={retry} />;
  if (!body) return <Coming />;
  return (
    <>
      <Head anomaly={body} />
      {error && (
        <Banner tone="warning" title="This may be old">
          {error.message}
        </Banner>
      )}
      {body.undelivered && (
        <Banner tone="warning" title="Nobody could be told of this">
          {body.undelivered}
        </Banner>
      )}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
        <aside
          aria-label="Standing and actions"
          className="contents lg:sticky lg:top-8 lg:col-start-2 lg:block lg:space-y-5"
        >
          <Standing anomaly={body} />
          <Actions anomaly={body} busy={busy} run={run} />
          <div className="order-last lg:order-none">
            <Related anomaly={body} />
          </div>
        </aside>
        <div className="min-w-0 space-y-5 lg:col-start-1 lg:row-start-1">
          <SlackCard anomaly={body} account={nameOf(body.accountId)} />
          <ScoreChart events={body.events} />
          <Events events={body.events} alerts={body.alerts} />
        </div>
      </div>
      {/* On a phone the actions lie over the end of the page. */}
      <div className="h-14 md:hidden" />
    </>
  );
}

function Head({ anomaly }: { anomaly: Detail }) {
  const { card, text, severity } = anomaly;
  return (
    <div className="space-y-2">
      <BackLink />
      <PageHead title={card?.title.replace("  ", " · ") ?? withoutRate(text)} />
      <div className="flex flex-wrap gap-2">
        <SeverityBadge severity={severity} />
        <StandingBadge anomaly={anomaly} />
      </div>
    </div>
  );
}

function BackLink() {
  return (
    <Link
      href="/dashboard/anomalies"
      className="inline-flex items-center gap-1 rounded text-sm text-muted hover:text-ink"
    >
      <ArrowLeft aria-hidden className="size-4" />
      Anomalies
    </Link>
  );
}
