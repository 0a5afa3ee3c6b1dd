import {
  SIGNS,
  eventsWords,
  regionsInOrder,
  rulesWords,
  type Part,
  type RegionHealth,
} from "@/features/health/words";
import { Sign } from "@/ui/Sign";
import { Ago } from "@/ui/time";
import { type ReactNode } from "react";

/** Each watched region: whether its rules are in place, whether its events come. */
export function RegionsTable({ regions }: { regions: RegionHealth[] }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">Watched regions</caption>
        <thead className="bg-sunken text-xs text-muted">
          <tr>
            <th scope="col" className="px-2 py-2 font-medium sm:px-3">
              Region
            </th>
            <th scope="col" className="px-2 py-2 font-medium sm:px-3">
              Rules
            </th>
            <th scope="col" className="px-2 py-2 font-medium sm:px-3">
              Events
            </th>
            <th
              scope="col"
              className="hidden px-2 py-2 text-right font-medium sm:table-cell sm:px-3"
            >
              Last event
            </th>
          </tr>
        </thead>
        <tbody>
          {regionsInOrder(regions).map((region) => (
            <Row key={region.region} region={region} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ region: { region, rules, eventsFlow, lastEventAt } }: { region: RegionHealth }) {
  return (
    <tr className="border-t border-line">
      <th
        scope="row"
        className="px-2 py-2 font-mono text-xs font-normal whitespace-nowrap sm:px-3 sm:text-[13px]"
      >
        {region}
      </th>
      <td className="px-1.5 py-2 sm:px-3">
        <State part={rules}>{rulesWords(rules)}</State>
      </td>
      <td className="px-1.5 py-2 sm:px-3">
        <State part={eventsFlow}>{eventsWords(eventsFlow)}</State>
      </td>
      <td className="hidden px-2 py-2 text-right whitespace-nowrap text-muted sm:table-cell sm:px-3">
        {lastEventAt ? <Ago at={lastEventAt} /> : "none yet"}
      </td>
    </tr>
  );
}

function State({ part, children }: { part: Part; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1 text-[13px] whitespace-nowrap sm:gap-1.5 sm:text-sm">
      <Sign of={SIGNS[part]} small />
      {children}
    </span>
  );
}
