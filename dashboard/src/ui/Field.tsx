import { classes } from "@/ui/classes";
import { useId, type ComponentProps, type ReactNode } from "react";

const INPUT =
  "bg-surface border-line-strong text-ink placeholder:text-muted min-h-10 w-full rounded-lg border px-3 py-1.5 text-sm disabled:opacity-60 aria-invalid:border-critical";

interface Around {
  label: string;
  /** What may stand there and what it does. */
  hint?: ReactNode;
  /** What is wrong with what stands there. */
  problem?: string | undefined;
}

function Surround({
  id,
  label,
  hint,
  problem,
  children,
}: Around & { id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-sm text-critical">
          {problem}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, problem }: Around) {
  const by = classes(hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`);
  return { id, "aria-describedby": by || undefined, "aria-invalid": problem ? true : undefined };
}

/** A line to be typed. */
export function TextField({
  label,
  hint,
  problem,
  className,
  ...rest
}: Around & ComponentProps<"input">) {
  const id = useId();
  const around = { label, hint, problem };
  return (
    <Surround id={id} {...around}>
      <input {...rest} {...described(id, around)} className={classes(INPUT, className)} />
    </Surround>
  );
}

/** One of several. */
export function SelectField({
  label,
  hint,
  problem,
  className,
  ...rest
}: Around & ComponentProps<"select">) {
  const id = useId();
  const around = { label, hint, problem };
  return (
    <Surround id={id} {...around}>
      <select {...rest} {...described(id, around)} className={classes(INPUT, className)} />
    </Surround>
  );
}
