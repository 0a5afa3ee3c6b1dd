import { SEVERITIES, type Anomaly } from "@/features/anomalies/anomaly";
import { size } from "@/format/money";

/** What needs somebody first: the loudest, of these the dearest, of these the newest. */
export function urgentFirst(anomalies: readonly Anomaly[]): Anomaly[] {
  const loudness = ({ severity }: Anomaly) => {
    const at = (SEVERITIES as readonly string[]).indexOf(severity);
    return at < 0 ? SEVERITIES.length : at;
  };
  return anomalies.toSorted(
    (a, b) =>
      loudness(a) - loudness(b) ||
      size(b.runningHourly) - size(a.runningHourly) ||
      Date.parse(b.startedAt) - Date.parse(a.startedAt),
  );
}
