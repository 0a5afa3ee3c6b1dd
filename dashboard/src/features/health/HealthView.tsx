import { Findings } from "@/features/health/Findings";
import { RegionsTable } from "@/features/health/RegionsTable";
import {
  SIGNS,
  healthWords,
  notJudgedWords,
  regionsPart,
  regionsWords,
  roleWords,
  scanCostWords,
  scanSign,
  scanWords,
  trailWords,
  type Health,
} from "@/features/health/words";
import { Progress } from "@/ui/Progress";
import { Sign, type Standing } from "@/ui/Sign";
import { Skeleton } from "@/ui/states";
import Link from "next/link";
import { type ReactNode } from "react";

/** Whether an account is watched as it should be, part by part. */
export function HealthView({ health }: { health: Health }) {
  const { role, trail, regions, findings, scan, checkedAt } = health;
  return (
    <div className="space-y-4">
      <p role="status" className="sr-only">
        {healthWords(health)}
      </p>
      <ul className="space-y-3">
        <Line name="Role" sign={checkedAt ? SIGNS[role] : "running"}>
          {roleWords(role)}
        </Line>
        <Line name="Trail" sign={checkedAt ? SIGNS[trail] : "running"}>
          {trailWords(trail)}
        </Line>
        <Line name="Regions" sign={SIGNS[regionsPart(regions)]}>
          {regionsWords(regions)}
        </Line>
        <Line name="Idle resources" sign={scanSign(scan)}>
          {scanWords(scan)} {scan && notJudgedWords(scan)} {scan && scanCostWords(scan)}{" "}
          {scan && scan.zombies > 0 && (
            <Link
              href="/dashboard/zombies"
              className="font-medium text-accent-strong underline underline-offset-2"
            >
              See them
            </Link>
          )}
          {scan && !scan.finishedAt && (
            <span className="mt-2 block max-w-sm">
              <Progress
                label="Regions searched"
                percent={Math.round((100 * scan.regionsDone) / Math.max(1, scan.regions))}
              />
            </span>
          )}
        </Line>
      </ul>
      {findings.length > 0 && <Findings findings={findings} />}
      {regions.length > 0 && <RegionsTable regions={regions} />}
    </div>
  );
}

function Line({ name, sign, children }: { name: string; sign: Standing; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <Sign of={sign} />
      <div className="min-w-0 flex-1 sm:flex sm:gap-4">
        <p className="shrink-0 font-medium sm:w-32">{name}</p>
        <div className="min-w-0 flex-1 text-sm text-muted sm:pt-0.5">{children}</div>
      </div>
    </li>
  );
}

/** Stands where it is about to be. */
export function HealthSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      {["role", "trail", "regions", "idle"].map((line) => (
        <Skeleton key={line} className="h-6 w-full max-w-xl" />
      ))}
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
