import { useGet, usePages } from "@/api/read";
import { useAccounts } from "@/features/accounts/useAccounts";
import { Filters } from "@/features/zombies/Filters";
import { kindsOf } from "@/features/zombies/group";
import { isUnderWay, standingOf } from "@/features/zombies/scan";
import { Scans } from "@/features/zombies/Scans";
import { Total } from "@/features/zombies/Total";
import { useRest } from "@/features/zombies/useRest";
import { useScans } from "@/features/zombies/useScans";
import { useView } from "@/features/zombies/useView";
import { ZombieList } from "@/features/zombies/ZombieList";

const SOON_MS = 15_000;
const LATER_MS = 60_000;

/** What costs money and does nothing, and where we looked for it. */
export function Zombies() {
  const { view, ready, change } = useView();
  const accounts = useAccounts().body?.items;
  const scans = useScans(accounts);
  const underWay = isUnderWay((scans ?? []).map(({ scan }) => standingOf(scan)));
  const refreshInterval = underWay ? SOON_MS : LATER_MS;
  const path = ready ? "/v1/zombies" : null;
  const of = view.account ? { accountId: view.account } : {};
  const pages = usePages(path, { query: { ...of, limit: 100 } }, { refreshInterval });
  // The list's own total is lost between its pages.
  const total = useGet(path, { query: { ...of, limit: 1 } }, { refreshInterval }).body?.total;
  const rest = useRest(pages, view.check !== undefined || view.group !== "none");
  const shown = { pages, view, onChange: change, accounts, scans, rest };
  const kinds = kindsOf(pages.items ?? []);
  if (accounts?.length === 0 && pages.items?.length === 0) return <ZombieList {...shown} />;
  return (
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem] lg:items-start">
      <div className="min-w-0 space-y-5">
        <Total total={total} pages={pages} ofAccount={view.account !== undefined} />
        <Filters {...{ view, kinds, onChange: change, accounts: accounts ?? [] }} />
        <ZombieList {...shown} />
      </div>
      <Scans scans={scans} accounts={accounts?.length ?? 0} />
    </div>
  );
}
