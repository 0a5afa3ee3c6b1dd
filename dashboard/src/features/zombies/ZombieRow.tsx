import { type Zombie } from "@/features/zombies/group";
import { Price } from "@/features/zombies/Price";
import { sentence } from "@/format/words";
import { Badge } from "@/ui/Badge";
import { CodeBlock } from "@/ui/CodeBlock";
import { Ago } from "@/ui/time";
import { ChevronRight } from "lucide-react";

/** One zombie: what and where it is, why it is one, what it costs, how to be rid of it. */
export function ZombieRow({
  zombie,
  account,
  withTitle,
}: {
  zombie: Zombie;
  /** As people call it; none where that is said above. */
  account: string | undefined;
  withTitle: boolean;
}) {
  const { title, resource, name, why, since, region } = zombie;
  return (
    <li className="px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-64 flex-wrap items-baseline gap-x-3">
          {withTitle && <h3 className="shrink-0 font-medium">{title}</h3>}
          <p className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">
            {resource}
            {name && name !== resource && <span className="text-muted"> {name}</span>}
          </p>
        </div>
        <Price zombie={zombie} />
      </div>
      <p className="mt-1 text-sm text-muted">{sentence(why)}</p>
      <div className="mt-2 flex flex-wrap items-center gap-2 text-xs text-muted">
        {account && <Badge>{account}</Badge>}
        <Badge>{region}</Badge>
        {since && (
          <span>
            since <Ago at={since} />
          </span>
        )}
      </div>
      <HowToStop zombie={zombie} withRule={withTitle} />
    </li>
  );
}

function HowToStop({ zombie, withRule }: { zombie: Zombie; withRule: boolean }) {
  const { stop, rule, priceNote, resource } = zombie;
  return (
    <details className="group mt-2 text-sm">
      <summary className="inline-flex items-center gap-1 rounded py-1 font-medium text-accent-strong hover:underline">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        How to stop it<span className="sr-only">: {resource}</span>
      </summary>
      <div className="mt-2 space-y-3">
        <CodeBlock text={stop} label={`Commands for ${resource}`} copyLabel="Copy commands" />
        <p className="text-muted">
          {withRule && <>Found when {rule}. </>}
          Price: {priceNote}. We never run these commands; what can be undone comes first.
        </p>
      </div>
    </details>
  );
}
