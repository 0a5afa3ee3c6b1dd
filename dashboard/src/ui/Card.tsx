import { classes } from "@/ui/classes";
import { useId, type ReactNode } from "react";

/** A part of a page with a heading of its own. */
export function Card({
  title,
  aside,
  hint,
  children,
  className,
}: {
  title?: ReactNode;
  /** Beside the title. */
  aside?: ReactNode;
  /** Below the title: what this is. */
  hint?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={classes("rounded-xl border border-line bg-surface p-5 shadow-raised", className)}
    >
      {title && (
        <header className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
          <div>
            <h2 id={id} className="text-base font-semibold">
              {title}
            </h2>
            {hint && <p className="text-sm text-muted">{hint}</p>}
          </div>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
