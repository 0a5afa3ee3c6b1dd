import { type Anomaly } from "@/features/anomalies/anomaly";
import { urgentFirst } from "@/features/overview/order";
import { expect, test } from "vitest";

const one = (id: string, severity: string, amount: string, startedAt = "2026-06-01T00:00:00Z") =>
  ({ id, severity, runningHourly: { amount, currency: "USD" }, startedAt }) as Anomaly;

test("the loudest, then the dearest, then the newest", () => {
  const sorted = urgentFirst([
    one("odd", "unheard-of", "900"),
    one("info", "info", "100"),
    one("cheap", "critical", "30"),
    one("older", "critical", "40"),
    one("newer", "critical", "40", "2026-06-02T00:00:00Z"),
    one("warning", "warning", "9"),
  ]);
  expect(sorted.map(({ id }) => id)).toEqual(["newer", "older", "cheap", "warning", "info", "odd"]);
});
