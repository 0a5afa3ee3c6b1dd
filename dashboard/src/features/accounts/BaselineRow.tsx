import { type Pages } from "@/api/read";
import { SensitivitySelect } from "@/features/accounts/SensitivitySelect";
import { ALL_TYPES, type Baseline } from "@/features/accounts/words";
import { money } from "@/format/money";
import { nameOfService } from "@/format/services";
import { count } from "@/format/words";
import { Ago } from "@/ui/time";

/** A service or one of its types; on a small screen its figures stand below its name. */
export function BaselineRow({
  id,
  baseline,
  change,
  reread,
}: {
  id: string;
  baseline: Baseline;
  change: Pages<Baseline>["change"];
  reread: Pages<Baseline>["retry"];
}) {
  const { service, resourceType, meanHourly, maxHourly, events, lastAt } = baseline;
  const isAll = resourceType === ALL_TYPES;
  const figure = "hidden px-3 py-2.5 text-right whitespace-nowrap tabular-nums md:table-cell";
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-2.5 pr-3 font-normal">
        <span className={isAll ? "font-semibold" : "font-mono text-[13px] break-all"}>
          {isAll ? `All of ${nameOfService(service)}` : resourceType}
        </span>
        {!isAll && <span className="ml-2 text-muted">{nameOfService(service)}</span>}
        <span className="block text-xs text-muted md:hidden">
          {money(meanHourly)} an hour, at most {money(maxHourly)}; seen {count(events, "time")}
        </span>
      </th>
      <td className={figure}>{money(meanHourly)}</td>
      <td className={figure}>{money(maxHourly)}</td>
      <td className={figure}>{count(events, "time")}</td>
      <td className={`${figure} text-muted`}>{lastAt ? <Ago at={lastAt} /> : "never"}</td>
      <td className="py-2.5 pl-3">
        <SensitivitySelect id={id} baseline={baseline} change={change} reread={reread} />
      </td>
    </tr>
  );
}
