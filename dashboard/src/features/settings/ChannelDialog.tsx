import { type AccountNames } from "@/features/anomalies/accountNames";
import { ChannelForm } from "@/features/settings/ChannelForm";
import { without, type Route } from "@/features/settings/routes";
import { Dialog } from "@/ui/Dialog";

/** Asks for a new channel, or for what is to become of one. */
export function ChannelDialog({
  asking,
  routes,
  names,
  busy,
  onSave,
  onClose,
}: {
  /** Nothing is asked; or of which channel. */
  asking: "new" | Route | undefined;
  routes: readonly Route[];
  names: AccountNames;
  busy: boolean;
  onSave: (route: Route) => void;
  onClose: () => void;
}) {
  const changed = asking === "new" ? undefined : asking;
  return (
    <Dialog
      title={changed ? "Change a channel" : "Add a channel"}
      open={asking !== undefined}
      onClose={onClose}
    >
      <ChannelForm
        route={changed}
        others={without(routes, changed)}
        names={names}
        busy={busy}
        onSave={onSave}
        onCancel={onClose}
      />
    </Dialog>
  );
}
