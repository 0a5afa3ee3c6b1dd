import { wordsOf } from "@/ui/codeLines";
import { Copy } from "@/ui/Copy";

/**
 * Lines that are to be typed somewhere else, with a button that copies all of them. A long one goes on below,
 * set in: whoever reads it reads it whole, and sees where the next begins.
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
    <div className="flex flex-col items-end rounded-lg border border-line bg-sunken sm:flex-row sm:items-start">
      <pre
        role="region"
        aria-label={label}
        className="w-full min-w-0 flex-1 p-3 font-mono text-[13px] leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap text-ink"
      >
        {text.split("\n").map((line, nth) => (
          <span key={nth} className="block min-h-[1lh] pl-4 -indent-4">
            {wordsOf(line).map(({ word, isWhole }, place) =>
              isWhole ? (
                <span key={place} className="whitespace-nowrap">
                  {word}
                </span>
              ) : (
                word
              ),
            )}
          </span>
        ))}
      </pre>
      <div className="shrink-0 p-1.5 max-sm:pt-0">
        <Copy text={text} {...(copyLabel ? { label: copyLabel } : {})} />
      </div>
    </div>
  );
}
