import { type Pages } from "@/api/read";
import { type components } from "@/api/schema";
import { namesOf } from "@/features/accounts/words";
import { grouped, keyOf, type Group, type Zombie } from "@/features/zombies/group";
import { NothingFound } from "@/features/zombies/NothingFound";
import { type AccountScan } from "@/features/zombies/useScans";
import { type View } from "@/features/zombies/view";
import { ZombieRow } from "@/features/zombies/ZombieRow";
import { count } from "@/format/words";
import { Card } from "@/ui/Card";
import { LoadMore } from "@/ui/LoadMore";
import { Failed, Skeleton } from "@/ui/states";

interface Props {
  readonly pages: Pages<Zombie>;
  readonly view: View;
  readonly onChange: (to: Partial<View>) => void;
  readonly accounts: readonly components["schemas"]["Account"][] | undefined;
  readonly scans: AccountScan[] | undefined;
  /** Whether more of them are being read. */
  readonly rest: boolean;
}

/** The zombies of a view, the dearest first. */
export function ZombieList({ pages, view, onChange, accounts, scans, rest }: Props) {
  const { items, error, retry } = pages;
  if (!items) {
    return <Card>{error ? <Failed error={error} retry={retry} /> : <Rows />}</Card>;
  }
  const nameOf = namesOf(accounts ?? []);
  const chosen = view.check ? items.filter(({ check }) => check === view.check) : items;
  const groups = grouped(chosen, view.group, nameOf);
  return (
    <div className="space-y-5">
      {groups.map((group) => (
        <GroupOfZombies key={group.key} group={group} view={view} nameOf={nameOf} />
      ))}
      {groups.length === 0 && !rest && (
        <Card>
          <NothingFound {...{ view, onChange, accounts, scans }} />
        </Card>
      )}
      {rest ? (
        <p role="status" className="text-center text-sm text-muted">
          Reading the rest…
        </p>
      ) : (
        <LoadMore of={pages} label="Show the next 100" />
      )}
    </div>
  );
}

function GroupOfZombies({
  group,
  view,
  nameOf,
}: {
  group: Group;
  view: View;
  nameOf: (id: string) => string;
}) {
  return (
    <Card
      title={group.title ?? "Dearest first"}
      {...(group.hint ? { hint: `Found when ${group.hint}.` } : {})}
      aside={<span className="text-sm text-muted">{count(group.zombies.length, "find")}</span>}
    >
      <ul className="-mx-5 -mb-5 divide-y divide-line border-t border-line">
        {group.zombies.map((zombie) => (
          <ZombieRow
            key={keyOf(zombie)}
            zombie={zombie}
            account={view.group === "account" ? undefined : nameOf(zombie.accountId)}
            withTitle={view.group !== "check"}
          />
        ))}
      </ul>
    </Card>
  );
}

function Rows() {
  return (
    <div role="status" aria-label="Loading zombies" className="space-y-4">
      {Array.from({ length: 5 }, (_, row) => (
        <Skeleton key={row} className="h-20 w-full" />
      ))}
    </div>
  );
}
