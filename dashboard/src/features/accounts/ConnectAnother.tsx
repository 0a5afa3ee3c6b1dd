import { usePages } from "@/api/read";
import { ButtonLink } from "@/ui/Button";
import { Plus } from "lucide-react";

/** The way to one more account; where there is none yet, the page itself leads there. */
export function ConnectAnother() {
  const { items } = usePages("/v1/accounts");
  if (items?.length === 0) return null;
  return (
    <ButtonLink look="primary" href="/dashboard/connect">
      <Plus aria-hidden className="size-4" />
      Connect another
    </ButtonLink>
  );
}
