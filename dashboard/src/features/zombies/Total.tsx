import { type Pages } from "@/api/read";
import { type Zombie } from "@/features/zombies/group";
import { money, type Money } from "@/format/money";
import { count } from "@/format/words";
import { Skeleton } from "@/ui/states";

/** What all of them cost a month, as far as that is known. */
export function Total({
  total,
  pages,
  ofAccount,
}: {
  total: Money | undefined;
  pages: Pages<Zombie>;
  ofAccount: boolean;
}) {
  const { items, hasMore } = pages;
  return (
    <section
      aria-label="In all"
      className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3 rounded-xl border border-line bg-surface p-5 shadow-raised"
    >
      <div>
        <p className="text-sm text-muted">
          {ofAccount ? "This account could save" : "You could save"}
        </p>
        {total ? (
          <p className="text-3xl font-semibold tracking-tight tabular-nums">
            {money(total)}
            <span className="text-base font-normal text-muted"> a month</span>
          </p>
        ) : (
          <Skeleton className="mt-1 h-8 w-44" />
        )}
      </div>
      {items ? (
        <p className="max-w-sm text-sm text-muted">{foundWords(items.length, hasMore)}</p>
      ) : (
        <Skeleton className="h-10 w-64" />
      )}
    </section>
  );
}

function foundWords(found: number, hasMore: boolean): string {
  if (found === 0) return "Nothing was found so far.";
  const finds = hasMore ? `More than ${found} finds` : count(found, "find");
  return `${finds}, each by a rule that it names. What has no exact price is not in this sum.`;
}
