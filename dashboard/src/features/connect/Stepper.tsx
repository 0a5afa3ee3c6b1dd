import { addressOf, STEPS, type Place, type Step } from "@/features/connect/place";
import { classes } from "@/ui/classes";
import { Check } from "lucide-react";
import Link from "next/link";

const NAMES: Record<Step, string> = { aws: "AWS", slack: "Slack", rehearsal: "Rehearsal" };

/** The three steps, which of them are done, and where one is. */
export function Stepper({ place, done }: { place: Place; done: ReadonlySet<Step> }) {
  return (
    <nav aria-label="Steps">
      <ol className="grid grid-cols-3 gap-2 sm:gap-4">
        {STEPS.map((step, index) => (
          <li key={step}>
            <Link
              href={addressOf({ ...place, step, slackFailed: undefined })}
              shallow
              aria-current={step === place.step ? "step" : undefined}
              className={classes(
                "flex items-center gap-2 border-t-4 py-2 text-sm font-medium transition-colors",
                step === place.step
                  ? "border-accent text-ink"
                  : "border-line text-muted hover:text-ink",
              )}
            >
              <Number number={index + 1} isDone={done.has(step)} />
              {NAMES[step]}
              {done.has(step) && <span className="sr-only">(done)</span>}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Number({ number, isDone }: { number: number; isDone: boolean }) {
  return (
    <span
      aria-hidden
      className={classes(
        "grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold",
        isDone ? "bg-good-soft text-good" : "bg-sunken text-muted",
      )}
    >
      {isDone ? <Check className="size-4" /> : number}
    </span>
  );
}
