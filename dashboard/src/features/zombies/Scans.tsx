import { ScanOfAccount } from "@/features/zombies/ScanOfAccount";
import { MOST_SCANS, type AccountScan } from "@/features/zombies/useScans";
import { Card } from "@/ui/Card";
import { SkeletonLines } from "@/ui/states";

/** Beside the list: which accounts were searched, and what could not be judged. */
export function Scans({ scans, accounts }: { scans: AccountScan[] | undefined; accounts: number }) {
  return (
    <Card title="Where we looked" hint="Each account is searched once a week.">
      {!scans && <SkeletonLines lines={3} label="Loading the searches" />}
      <ul className="divide-y divide-line">
        {scans?.map((of) => (
          <ScanOfAccount key={of.account.accountId} of={of} />
        ))}
      </ul>
      {scans?.length === 0 && (
        <p className="text-sm text-muted">No account of yours is watched just now.</p>
      )}
      {accounts > MOST_SCANS && (
        <p className="mt-3 border-t border-line pt-3 text-sm text-muted">
          The first {MOST_SCANS} accounts. Each account&apos;s own page shows its search.
        </p>
      )}
    </Card>
  );
}
