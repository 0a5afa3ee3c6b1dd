import { type Body, type Read } from "@/api/read";
import { useAccountNames, type AccountNames } from "@/features/anomalies/accountNames";
import { ChannelDialog } from "@/features/settings/ChannelDialog";
import { Confirm } from "@/features/settings/Confirm";
import {
  about,
  inOrder,
  loudness,
  MAX_ROUTES,
  without,
  withRoute,
  type Route,
} from "@/features/settings/routes";
import { useRoutes } from "@/features/settings/useRoutes";
import { Badge, toneOfSeverity } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useState } from "react";

type Settings = Body<"/v1/settings">;

/** What is asked for: a new channel, or another place for some alerts. */
type Asking = "new" | Route | undefined;

/** Where alerts go besides the channel of the installation. */
export function Channels({ read, settings }: { read: Read<Settings>; settings: Settings }) {
  const names = useAccountNames();
  const { busy, save } = useRoutes(read, settings);
  const [asking, setAsking] = useState<Asking>();
  const [leaving, setLeaving] = useState<Route>();
  const { routes } = settings;
  const changed = asking === "new" ? undefined : asking;
  const keep = async (route: Route) => {
    const words = {
      done: changed ? "The channel is changed." : "The channel is added.",
      failed: changed ? "The channel was not changed." : "The channel was not added.",
    };
    if (await save((all) => withRoute(all, route, changed), words)) setAsking(undefined);
  };
  const leave = (route: Route) =>
    save((all) => without(all, route), {
      done: "The channel is removed.",
      failed: "The channel was not removed.",
    });
  return (
    <Card title="Channels" hint="Alerts of one account, or only the loud ones, elsewhere.">
      {routes.length === 0 ? (
        <p className="text-sm">None yet. All alerts go to the channel that was chosen at Slack.</p>
      ) : (
        <Routes routes={routes} names={names} onChange={setAsking} onRemove={setLeaving} />
      )}
      <div className="mt-4">
        <Button disabled={routes.length >= MAX_ROUTES} onClick={() => setAsking("new")}>
          Add a channel
        </Button>
        {routes.length >= MAX_ROUTES && (
          <p className="mt-2 text-sm text-muted">
            There are {MAX_ROUTES}, and more do not fit. Remove one first.
          </p>
        )}
      </div>
      <ChannelDialog
        asking={asking}
        routes={routes}
        names={names}
        busy={busy}
        onSave={(route) => void keep(route)}
        onClose={() => setAsking(undefined)}
      />
      <Confirm
        title="Remove this channel?"
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        does="Remove"
        onConfirm={() => (leaving ? leave(leaving) : Promise.resolve())}
      >
        Its alerts go where the others go, by the rules that are left.
      </Confirm>
    </Card>
  );
}

function Routes({
  routes,
  names,
  onChange,
  onRemove,
}: {
  routes: readonly Route[];
  names: AccountNames;
  onChange: (route: Route) => void;
  onRemove: (route: Route) => void;
}) {
  return (
    <>
      <ul className="divide-y divide-line text-sm">
        {inOrder(routes).map((route) => (
          <li
            key={about(route)}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2 first:pt-0"
          >
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <code className="font-mono [overflow-wrap:anywhere]">{route.channel}</code>
                <Badge tone={toneOfSeverity(route.atLeast)}>{loudness(route.atLeast)}</Badge>
              </p>
              <p className="text-muted">
                {route.accountId ? names.nameOf(route.accountId) : "All accounts"}
              </p>
            </div>
            <div className="flex gap-2">
              <Button aria-label={`Change ${named(route)}`} onClick={() => onChange(route)}>
                Change
              </Button>
              <Button
                look="danger"
                aria-label={`Remove ${named(route)}`}
                onClick={() => onRemove(route)}
              >
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-sm text-muted">
        An alert goes into one channel: the first that fits. What fits none goes to the channel that
        was chosen at Slack.
      </p>
    </>
  );
}

/** For whoever does not see the row. */
function named({ channel, accountId, atLeast }: Route): string {
  return `${channel}, ${loudness(atLeast)} of ${accountId ?? "all accounts"}`;
}
