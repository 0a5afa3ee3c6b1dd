import { type components } from "@/api/schema";
import { BeingDeleted } from "@/features/tenant/BeingDeleted";
import { Banner } from "@/ui/Banner";

type Status = components["schemas"]["Status"];

/** What seldom holds and everybody has to know: all is being deleted, or nothing is told just now. */
export function Announced({ deletionBegun, deletionUndoUntil, alertingPaused }: Status) {
  return (
    <>
      {deletionUndoUntil && <BeingDeleted until={deletionUndoUntil} />}
      {deletionBegun && (
        <Banner tone="critical" title="Everything of your team is being deleted">
          It is too late to take it back. Who signs in afterwards begins anew.
        </Banner>
      )}
      {alertingPaused && (
        <Banner tone="warning" title="Alerting is paused">
          We hold all alerts back for the moment. Everything is still scored and kept, and nothing
          is lost: what was held back is told when alerting goes on.
        </Banner>
      )}
    </>
  );
}
