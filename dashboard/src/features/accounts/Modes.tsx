import { type Governance } from "@/features/accounts/words";
import { day } from "@/format/time";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/time";
import { type ReactNode } from "react";

/** The modes to choose from, and the switch that holds everything back. */
export function Modes({
  governance,
  busy,
  set,
}: {
  governance: Governance;
  busy: boolean;
  set: (wanted: Governance) => void;
}) {
  const { mode, customerStrict, promoteAt } = governance;
  const choose = (wanted: Partial<Governance>) => {
    if (!busy) set({ ...governance, ...wanted });
  };
  // Until then the rules do not let it be louder, and the API would say so.
  const isTooEarly = isAfter(promoteAt, useNow()) && mode === "strict";
  return (
    // Not disabled: what becomes so drops the focus.
    <fieldset aria-disabled={busy} aria-busy={busy}>
      <legend className="sr-only">What we tell you</legend>
      <div className="grid gap-3 md:grid-cols-2">
        <Choice
          type="radio"
          title="Only what is dangerous"
          word="strict"
          checked={mode === "strict"}
          onChange={() => choose({ mode: "strict" })}
        >
          The safety net alone alerts: what is dear in any account. What is merely unusual is kept
          here, and nobody is told.
          {mode === "strict" && promoteAt && (
            <> It ends by itself from {day(promoteAt)}, once enough is learned.</>
          )}
        </Choice>
        <Choice
          type="radio"
          title="All that is unusual"
          word="audit"
          checked={mode === "audit"}
          disabled={isTooEarly}
          onChange={() => choose({ mode: "audit" })}
        >
          The safety net, and whatever does not fit what this account usually starts, who starts it
          and where.
          {isTooEarly && promoteAt && <> Not before {day(promoteAt)}.</>}
        </Choice>
      </div>
      <div className="mt-3">
        <Choice
          type="checkbox"
          title="Hold everything back"
          checked={customerStrict}
          onChange={() => choose({ customerStrict: !customerStrict })}
        >
          Nobody is told of anything in this account, not even by the safety net. All of it still
          stands here.
        </Choice>
      </div>
    </fieldset>
  );
}

function isAfter(at: string | null | undefined, now: number): boolean {
  return at != null && Date.parse(at) > now;
}

function Choice({
  type,
  title,
  word,
  checked,
  disabled,
  onChange,
  children,
}: {
  type: "radio" | "checkbox";
  title: string;
  /** As the API and the audit call it. */
  word?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: () => void;
  children: ReactNode;
}) {
  return (
    <label
      className={classes(
        "flex cursor-pointer gap-3 rounded-lg border p-4 transition-colors has-disabled:cursor-not-allowed",
        checked ? "border-accent bg-accent-soft" : "border-line hover:border-line-strong",
      )}
    >
      <input
        type={type}
        name={type === "radio" ? "mode" : undefined}
        checked={checked}
        disabled={disabled}
        onChange={onChange}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="block font-medium">
          {title} {word && <span className="text-sm font-normal text-muted">({word})</span>}
        </span>
        <span className="block text-sm text-muted">{children}</span>
      </span>
    </label>
  );
}
