import { Copy } from "@/ui/Copy";

/** Lines that are to be typed somewhere else, with a button that copies all of them. */
export function CodeBlock({
  text,
  label,
  copyLabel,
}: {
  text: string;
  /** What it is, for those who do not see it. */
  label: string;
  copyLabel?: string;
}) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-sunken">
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-x-auto p-3 font-mono text-xs leading-relaxed text-ink"
      >
        {text}
      </pre>
      <div className="flex justify-end border-t border-line bg-surface p-1">
        <Copy text={text} {...(copyLabel ? { label: copyLabel } : {})} />
      </div>
    </div>
  );
}
