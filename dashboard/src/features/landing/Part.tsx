import { useId, type ReactNode } from "react";

/** A part of the first page. */
export function Part({
  id,
  title,
  lead,
  children,
}: {
  /** Where it is found on the page. */
  id: string;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section
      id={id}
      aria-labelledby={heading}
      className="scroll-mt-4 border-t border-line py-14 md:py-20"
    >
      <div className="mx-auto max-w-6xl px-4 md:px-8">
        <h2 id={heading} className="text-2xl font-semibold tracking-tight sm:text-3xl">
          {title}
        </h2>
        {lead && <p className="mt-2 max-w-prose text-muted">{lead}</p>}
        <div className="mt-8">{children}</div>
      </div>
    </section>
  );
}
