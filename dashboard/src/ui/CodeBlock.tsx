import { Copy } from "@/ui/Copy";

/**
 * Lines that are to be typed somewhere else, with a button that copies all of them. Long ones go on in the
 * next line: whoever reads them reads them whole.
 */
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
    <div
      role="group"
      aria-label={label}
      className="overflow-hidden rounded-lg border border-line bg-sunken"
    >
      <pre className="p-3 font-mono text-xs leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap text-ink">
        {text}
      </pre>
      <div className="flex justify-end border-t border-line bg-surface p-1">
        <Copy text={text} {...(copyLabel ? { label: copyLabel } : {})} />
      </div>
    </div>
  );
}
