import { money } from "@/format/money";
import { day } from "@/format/time";
import { sentence } from "@/format/words";
import {
  headline,
  readWords,
  severities,
  skippedWords,
  standingOf,
  type Report,
} from "@/features/rehearsal/words";
import { Badge, toneOfSeverity } from "@/ui/Badge";
import { Progress } from "@/ui/Progress";
import { ChevronRight } from "lucide-react";
import Link from "next/link";

/** What we would have told in the last 90 days; how far it is while it runs. */
export function Rehearsal({ report }: { report: Report }) {
  const standing = standingOf(report);
  const skipped = skippedWords(report);
  return (
    <div className="space-y-4">
      {standing === "waiting" || standing === "running" ? (
        <Running report={report} />
      ) : (
        <div role="status" className="space-y-1">
          <p className="max-w-2xl text-lg font-semibold text-balance">{headline(report)}</p>
          <p className="text-sm text-muted">
            {standing === "quiet" ? "That is good. " : ""}
            {readWords(report)}
          </p>
        </div>
      )}
      <Severities report={report} />
      {report.dearest.length > 0 && <Dearest report={report} />}
      {skipped && <p className="text-sm text-muted">{skipped}</p>}
    </div>
  );
}

function Running({ report }: { report: Report }) {
  const percent = report.progress?.percent ?? 0;
  return (
    <div className="space-y-2">
      <p className="font-medium">
        {report.progress ? `We read your last 90 days: ${percent} %` : "We are about to begin"}
      </p>
      <Progress label="Rehearsal" percent={percent} />
      <p className="text-sm text-muted">
        {readWords(report)} You need not wait here: it goes on by itself.
      </p>
    </div>
  );
}

function Severities({ report }: { report: Report }) {
  const found = severities(report);
  if (found.length === 0) return null;
  return (
    <ul aria-label="By severity" className="flex flex-wrap gap-2">
      {found.map(({ severity, number }) => (
        <li key={severity}>
          <Badge tone={toneOfSeverity(severity)}>
            {number.toLocaleString("en-US")} {severity}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

function Dearest({ report }: { report: Report }) {
  return (
    <div>
      <h3 className="mb-2 text-sm font-medium text-muted">The dearest</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {report.dearest.map(({ anomalyId, severity, startedAt, text, spent }) => (
          <li key={anomalyId}>
            <Link
              href={`/dashboard/anomaly?id=${encodeURIComponent(anomalyId)}`}
              className="flex items-center gap-3 p-3 hover:bg-sunken"
            >
              <span className="min-w-0 flex-1">
                <span className="block break-words">{text}</span>
                <span className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
                  <Badge tone={toneOfSeverity(severity)}>{sentence(severity)}</Badge>
                  {day(startedAt)}
                </span>
              </span>
              <span className="font-semibold tabular-nums">{money(spent)}</span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
