import { type ReactNode } from "react";

/** What a page is, and what can be done on it. */
export function PageHead({
  title,
  children,
  actions,
}: {
  title: ReactNode;
  /** A sentence on what stands here. */
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {children && <p className="max-w-prose text-muted">{children}</p>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
