import { type components } from "@/api/schema";
import { type Tone } from "@/ui/Badge";
import { money, type Money } from "@/format/money";
import { plain } from "@/format/words";

/** An anomaly of a list. */
export type Anomaly = components["schemas"]["Anomaly"];

/** How an anomaly stands. */
export type Standing = Anomaly["status"];

/** All ways in which it can stand. */
export const STANDINGS: readonly Standing[] = ["open", "snoozed", "expected", "resolved"];

/** From loud to quiet. */
export const SEVERITIES = ["critical", "warning", "info"] as const;

/** The tone of how an anomaly stands. */
export function toneOfStanding(status: Standing): Tone {
  if (status === "open") return "info";
  return status === "snoozed" ? "neutral" : "good";
}

/** The sentence without the rate at its end: where the rate stands beside it, and may have grown. */
export function withoutRate(text: string): string {
  return text.replace(/: (up to )?-?\$[\d,.]+\/h$/, "");
}

/** `$131.10/h`, `up to $4.20/h`. */
export function perHour(hourly: Money, priceKnown = true): string {
  return `${priceKnown ? "" : "up to "}${money(hourly)}/h`;
}

/** What it costs: what runs, or what ran once nothing does. */
export function rate({ status, hourly, runningHourly, priceKnown, spent }: Anomaly): {
  readonly text: string;
  /** What the figure is, where it is not what runs now. */
  readonly note: string | undefined;
} {
  if (status === "resolved")
    return { text: perHour(hourly, priceKnown), note: `${money(spent)} in all` };
  const [runs, started] = [money(runningHourly), money(hourly)];
  // By what people read: nobody sees the digits that it may differ in.
  const note = runs === started ? undefined : `of ${started}/h started`;
  return { text: perHour(runningHourly, priceKnown), note };
}

const HELD: Record<string, string> = {
  held_by_strict_mode: "held back: the account is in strict mode",
  held_by_panic_mode: "held back: alerting is paused",
  held_by_breaker: "held back: its channel alerts far more than usual",
  discarded: "held back, looked at and left",
  rehearsed: "only rehearsed: it lies in the past that we learned from",
};

/** Why it was not sent; nothing for what was. */
export function heldBack(delivery: string): string | undefined {
  return delivery === "send" ? undefined : (HELD[delivery] ?? plain(delivery));
}

/** Where all that is known of it stands. */
export function addressOf(id: string): string {
  return `/dashboard/anomaly?id=${encodeURIComponent(id)}`;
}
