import { classes } from "@/ui/classes";
import { useId, type ReactNode } from "react";

/** A part of the first page. */
export function Part({
  id,
  title,
  lead,
  beside = false,
  children,
}: {
  /** Where it is found on the page. */
  id: string;
  title: string;
  lead?: ReactNode;
  /** Whether it stands beside its title where there is room. */
  beside?: boolean;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section
      id={id}
      aria-labelledby={heading}
      className="scroll-mt-4 border-t border-line py-14 md:py-20"
    >
      <div
        className={classes(
          "mx-auto max-w-6xl gap-x-14 gap-y-8 px-4 md:px-8",
          beside ? "grid lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]" : "space-y-8",
        )}
      >
        <div>
          <h2 id={heading} className="text-2xl font-semibold tracking-tight sm:text-3xl">
            {title}
          </h2>
          {lead && <p className="mt-2 max-w-prose text-muted">{lead}</p>}
        </div>
        <div>{children}</div>
      </div>
    </section>
  );
}
