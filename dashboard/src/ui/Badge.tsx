import { classes } from "@/ui/classes";
import { type ReactNode } from "react";

/** What a colour says; the words say it, too. */
export type Tone = "good" | "info" | "warning" | "critical" | "neutral";

const TONES: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  info: "bg-info-soft text-info",
  warning: "bg-warning-soft text-warning",
  critical: "bg-critical-soft text-critical",
  neutral: "bg-sunken text-muted",
};

/** A word on a ground of its colour. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1 rounded-md px-2 py-0.5 text-xs font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** The tone of a severity. */
export function toneOfSeverity(severity: string): Tone {
  return severity === "critical" || severity === "warning" ? severity : "info";
}
