import { Button, ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/states";
import { ListFilter, Radar } from "lucide-react";

/** There are none: none at all, or none with these filters. */
export function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  return (
    <div className="rounded-xl border border-line bg-surface">
      {filtered ? (
        <Empty
          icon={<ListFilter aria-hidden className="size-8" />}
          title="Nothing with these filters"
          action={<Button onClick={clear}>Clear filters</Button>}
        >
          There may be others: take a filter away to see them.
        </Empty>
      ) : (
        <Empty
          icon={<Radar aria-hidden className="size-8" />}
          title="Nothing unusual so far"
          action={<ButtonLink href="/dashboard/accounts">See what we watch</ButtonLink>}
        >
          As soon as somebody starts something expensive it stands here, within seconds. There is
          nothing to do until then.
        </Empty>
      )}
    </div>
  );
}
