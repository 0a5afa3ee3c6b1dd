import { type components } from "@/api/schema";
import { CircleAlert } from "lucide-react";

/** What is wrong and what to do, word by word as it was found. */
export function Findings({ findings }: { findings: components["schemas"]["FindingView"][] }) {
  return (
    <ul aria-label="What is not as it should be" className="space-y-2">
      {findings.map(({ code, region, text }) => (
        <li
          key={`${code} ${region ?? ""}`}
          className="flex gap-3 rounded-lg bg-critical-soft p-3 text-sm"
        >
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-critical" />
          <p className="min-w-0 break-words">
            {region && !text.includes(region) && (
              <strong className="font-mono font-semibold">{region}: </strong>
            )}
            {text}
          </p>
        </li>
      ))}
    </ul>
  );
}
