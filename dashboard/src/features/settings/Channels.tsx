import { type components } from "@/api/schema";
import { Badge, toneOfSeverity } from "@/ui/Badge";
import { Card } from "@/ui/Card";

type Route = components["schemas"]["RouteView"];

function loudness(atLeast: string): string {
  if (atLeast === "info") return "all alerts";
  return atLeast === "critical" ? "critical only" : `${atLeast} and above`;
}

/** Where alerts go besides the channel of the installation. */
export function Channels({ routes }: { routes: readonly Route[] }) {
  return (
    <Card title="More channels" hint="Alerts of an account, or only the loud ones, elsewhere.">
      {routes.length === 0 ? (
        <p className="text-sm">None. All alerts go to the channel that was chosen at Slack.</p>
      ) : (
        <ul className="divide-y divide-line text-sm">
          {routes.map((route) => (
            <li
              key={`${route.accountId} ${route.atLeast} ${route.channel}`}
              className="flex flex-wrap items-center justify-between gap-2 py-2 first:pt-0"
            >
              <span>
                <code className="font-mono">{route.channel}</code>
                <span className="text-muted"> for {route.accountId ?? "all accounts"}</span>
              </span>
              <Badge tone={toneOfSeverity(route.atLeast)}>{loudness(route.atLeast)}</Badge>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3 text-sm text-muted">
        They cannot be changed here yet: whoever runs dd0c/cost for you sets them. The channel of
        all others is chosen anew by reconnecting Slack.
      </p>
    </Card>
  );
}
