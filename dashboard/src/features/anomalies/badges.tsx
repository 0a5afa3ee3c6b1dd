import { type Anomaly, toneOfStanding } from "@/features/anomalies/anomaly";
import { sentence } from "@/format/words";
import { Badge, toneOfSeverity } from "@/ui/Badge";
import { moment } from "@/format/time";
import { CircleAlert, Info, TriangleAlert } from "lucide-react";

/** How loud it is: by a word, a colour and a shape. */
export function SeverityBadge({ severity }: { severity: string }) {
  const Icon =
    severity === "critical" ? CircleAlert : severity === "warning" ? TriangleAlert : Info;
  return (
    <Badge tone={toneOfSeverity(severity)}>
      <Icon aria-hidden className="size-3.5" />
      {sentence(severity)}
    </Badge>
  );
}

/** How it stands. */
export function StandingBadge({ anomaly }: { anomaly: Pick<Anomaly, "status" | "snoozedUntil"> }) {
  const { status, snoozedUntil } = anomaly;
  const until = status === "snoozed" && snoozedUntil ? ` until ${moment(snoozedUntil)}` : "";
  return (
    <Badge tone={toneOfStanding(status)}>
      {sentence(status)}
      {until}
    </Badge>
  );
}
