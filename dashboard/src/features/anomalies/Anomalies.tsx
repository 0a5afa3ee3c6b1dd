import { usePages, type Pages } from "@/api/read";
import { useAccountNames, type AccountNames } from "@/features/anomalies/accountNames";
import { type Anomaly } from "@/features/anomalies/anomaly";
import { AnomalyList } from "@/features/anomalies/AnomalyList";
import { Coming } from "@/features/anomalies/Coming";
import { FilterBar } from "@/features/anomalies/FilterBar";
import { asked, countOf, span, type Filters } from "@/features/anomalies/filters";
import { useFilters } from "@/features/anomalies/useFilters";
import { ViewSwitch } from "@/features/anomalies/ViewSwitch";
import { day } from "@/format/time";
import { count } from "@/format/words";
import { Banner } from "@/ui/Banner";
import { later } from "@/ui/later";
import { LoadMore } from "@/ui/LoadMore";
import { Failed, Skeleton } from "@/ui/states";
import { useEffect, useState } from "react";

/** Comes when it is asked for: most people read the list. */
const TimelineView = later(
  async () => (await import("@/features/anomalies/TimelineView")).TimelineView,
  <ListComing />,
);

const Nothing = later(
  async () => (await import("@/features/anomalies/Nothing")).Nothing,
  <Skeleton className="h-56 w-full rounded-xl" />,
);

/** How often it is looked whether there is anything new. */
const REFRESH_MS = 10_000;

/** All anomalies, narrowed down by filters, as a list or as a time line. */
export function Anomalies() {
  const { filters, ready, change, clear } = useFilters();
  // Reckoned from when the page was opened: what is read does not change its question by itself.
  const [opened] = useState(() => Date.now());
  const pages = usePages(
    ready ? "/v1/anomalies" : null,
    { query: asked(filters, opened) },
    { refreshInterval: REFRESH_MS },
  );
  const accounts = useAccountNames();
  useReadOn(pages);
  return (
    <div className="space-y-4">
      <FilterBar
        filters={filters}
        change={change}
        clear={clear}
        accounts={accounts}
        seen={pages.items ?? []}
      />
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-sm text-muted">
          {counted(pages)}
        </p>
        <ViewSwitch filters={filters} change={change} />
      </div>
      <Found
        pages={pages}
        accounts={accounts}
        filters={filters}
        span={span(filters, opened)}
        clear={clear}
      />
    </div>
  );
}

function Found({
  pages,
  accounts,
  filters,
  span,
  clear,
}: {
  pages: Pages<Anomaly>;
  accounts: AccountNames;
  filters: Filters;
  span: readonly [number | undefined, number | undefined];
  clear: () => void;
}) {
  const { items, error, retry, hasMore } = pages;
  if (!items || (items.length === 0 && hasMore)) {
    return error ? <Failed error={error} retry={retry} /> : <ListComing />;
  }
  if (items.length === 0) return <Nothing filtered={countOf(filters) > 0} clear={clear} />;
  return (
    <div className="space-y-4">
      {error && (
        <Banner tone="warning" title="This may be old">
          {error.message}
        </Banner>
      )}
      {filters.view === "timeline" ? (
        <TimelineView
          anomalies={items}
          accounts={accounts}
          by={filters.lanes ?? "service"}
          span={span}
        />
      ) : (
        // What was shown for one question is nothing that another one's news are laid beside.
        <AnomalyList
          key={JSON.stringify(asked(filters, 0))}
          anomalies={items}
          accounts={accounts}
        />
      )}
      <LoadMore of={pages} label={olderThan(items)} />
    </div>
  );
}

function olderThan(items: readonly Anomaly[]): string {
  const oldest = items.at(-1)?.startedAt;
  return oldest ? `Load what began before ${day(oldest)}` : "Load more";
}

function ListComing() {
  const looks = "rounded-xl border border-line bg-surface";
  return <Coming rows={6} label="Loading anomalies" className={looks} />;
}

/** A page of a rare kind may be empty though there are more: then it is read on by itself. */
function useReadOn({ items, error, hasMore, loadingMore, loadMore }: Pages<Anomaly>) {
  // While it fails nothing is gained by asking for yet another page.
  const isBarren = items?.length === 0 && hasMore && !loadingMore && !error;
  useEffect(() => {
    if (isBarren) loadMore();
    // Once each time it turns out so.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isBarren]);
}

function counted({ items, hasMore, error }: Pages<Anomaly>): string {
  if (!items || (items.length === 0 && hasMore)) return error ? "" : "Loading…";
  const shown = count(items.length, "anomaly", "anomalies");
  return hasMore ? `${shown} so far; there are more` : shown;
}
