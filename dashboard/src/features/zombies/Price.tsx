import { type Zombie } from "@/features/zombies/group";
import { money, size } from "@/format/money";
import { Badge } from "@/ui/Badge";

/** What one costs a month, clearly marked where that is not known for sure. */
export function Price({ zombie: { monthly, priceKnown } }: { zombie: Zombie }) {
  if (!priceKnown && size(monthly) === 0) return <Badge tone="warning">price unknown</Badge>;
  return (
    <p className="flex items-center gap-2 tabular-nums">
      {!priceKnown && <Badge tone="warning">upper bound</Badge>}
      <span className={priceKnown ? "font-semibold" : "text-muted"}>
        {!priceKnown && "at most "}
        {money(monthly)}
        <span className="text-sm font-normal text-muted"> a month</span>
      </span>
    </p>
  );
}
