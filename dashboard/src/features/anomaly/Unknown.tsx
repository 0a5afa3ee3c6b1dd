import { ButtonLink } from "@/ui/Button";
import { PageHead } from "@/ui/PageHead";
import { Empty } from "@/ui/states";
import { SearchX } from "lucide-react";

/** There is no such anomaly, or the address names none. */
export function Unknown({ named = true }: { named?: boolean }) {
  return (
    <>
      <PageHead title="Anomaly" />
      <div className="rounded-xl border border-line bg-surface">
        <Empty
          icon={<SearchX aria-hidden className="size-8" />}
          title={named ? "We do not know this anomaly" : "This address names no anomaly"}
          action={<ButtonLink href="/dashboard/anomalies">To all anomalies</ButtonLink>}
        >
          {named
            ? "The link may be cut off, or the anomaly belongs to an account that is no longer connected or to somebody else."
            : "Choose one from the list."}
        </Empty>
      </div>
    </>
  );
}
