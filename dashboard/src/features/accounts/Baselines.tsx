import { usePages } from "@/api/read";
import { BaselineRow } from "@/features/accounts/BaselineRow";
import { Card } from "@/ui/Card";
import { LoadMore } from "@/ui/LoadMore";
import { Empty, Failed, SkeletonLines } from "@/ui/states";

const HINT =
  "What we have learned of this account, and how readily we tell you of more. Quieter for what you know well, louder for what should hardly ever happen.";

/** What is usual in an account, and how readily each of it alerts. */
export function Baselines({ id }: { id: string }) {
  const baselines = usePages("/v1/accounts/{accountId}/baselines", { path: { accountId: id } });
  const { items, error, retry, change } = baselines;
  return (
    <Card title="What is usual here" hint={HINT}>
      {!items && error && <Failed error={error} retry={retry} />}
      {!items && !error && <SkeletonLines lines={5} />}
      {items?.length === 0 && (
        <Empty title="Nothing is learned yet">
          As soon as somebody starts something that costs money, it stands here.
        </Empty>
      )}
      {items && items.length > 0 && (
        <>
          <table className="w-full text-left text-sm">
            <caption className="sr-only">What is usual, by service and type</caption>
            <thead className="text-xs text-muted">
              <tr>
                <th scope="col" className="py-2 pr-3 font-medium">
                  What
                </th>
                <th scope="col" className="hidden px-3 py-2 text-right font-medium md:table-cell">
                  Usually an hour
                </th>
                <th scope="col" className="hidden px-3 py-2 text-right font-medium md:table-cell">
                  At most
                </th>
                <th scope="col" className="hidden px-3 py-2 text-right font-medium md:table-cell">
                  Seen
                </th>
                <th scope="col" className="hidden px-3 py-2 text-right font-medium md:table-cell">
                  Last
                </th>
                <th scope="col" className="w-36 py-2 pl-3 font-medium md:w-64">
                  Sensitivity
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((baseline) => (
                <BaselineRow
                  key={`${baseline.service} ${baseline.resourceType}`}
                  id={id}
                  baseline={baseline}
                  change={change}
                  reread={retry}
                />
              ))}
            </tbody>
          </table>
          <LoadMore of={baselines} />
        </>
      )}
    </Card>
  );
}
