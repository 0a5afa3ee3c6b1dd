import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";

/** What few people need: it opens when it is asked for. */
export function Disclosure({
  title,
  open,
  children,
}: {
  title: ReactNode;
  /** Open from the beginning. */
  open?: boolean;
  children: ReactNode;
}) {
  const [wasOpened, setWasOpened] = useState(open ?? false);
  return (
    <details open={open} onToggle={() => setWasOpened(true)} className="group">
      <summary className="-mx-2 inline-flex list-none items-center gap-1.5 rounded-lg px-2 py-1.5 text-sm font-medium text-accent-strong hover:bg-sunken [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="pt-3">{wasOpened && children}</div>
    </details>
  );
}
