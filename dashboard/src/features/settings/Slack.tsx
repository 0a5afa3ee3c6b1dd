import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useGet, type Body } from "@/api/read";
import { useSignedIn } from "@/session/SessionProvider";
import { Badge } from "@/ui/Badge";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Failed, Skeleton } from "@/ui/states";
import { Ago } from "@/ui/time";

type SlackView = Body<"/v1/slack">;

/** Whether alerts come into Slack, and the way to make them. */
export function Slack() {
  const { body, error, retry } = useGet("/v1/slack", undefined, { refreshInterval: 15_000 });
  return (
    <Card title="Slack" aside={body && <Standing of={body} />}>
      {body && <Workspace of={body} />}
      {!body && error && <Failed error={error} retry={retry} />}
      {!body && !error && <Skeleton className="h-24 w-full" />}
    </Card>
  );
}

function Standing({ of }: { of: SlackView }) {
  if (of.broken) return <Badge tone="critical">broken</Badge>;
  return of.connected ? <Badge tone="good">connected</Badge> : <Badge>not connected</Badge>;
}

function Workspace({ of }: { of: SlackView }) {
  if (of.broken) {
    return (
      <div className="space-y-4">
        <Banner tone="critical" title="Nothing can be posted to Slack">
          {of.broken} Connect again, and what waits is sent.
        </Banner>
        <Connect look="primary">Connect again</Connect>
      </div>
    );
  }
  if (!of.connected) {
    return (
      <div className="space-y-4">
        <p className="text-sm text-muted">
          Alerts are of use where people talk. You choose the workspace and the channel at Slack; we
          may post there and answer /dd0c, and read nothing else.
        </p>
        <Connect look="primary">Connect Slack</Connect>
      </div>
    );
  }
  return (
    <div className="space-y-4">
      <p className="text-sm">
        Alerts go to <strong>{of.channel}</strong> of <strong>{of.team}</strong>
        {of.installedAt && (
          <span className="text-muted">
            , connected <Ago at={of.installedAt} />
          </span>
        )}
        .
      </p>
      <Connect look="secondary">Reconnect, or choose another channel</Connect>
    </div>
  );
}

function Connect({ look, children }: { look: "primary" | "secondary"; children: string }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const go = async () => {
    const { body } = await taken(api.POST("/v1/slack/install", { body: { returnTo: "settings" } }));
    if (!body.url)
      throw ApiError.lost("That link was given out already: press once more for a new one.");
    window.location.assign(body.url);
  };
  return (
    <Button
      look={look}
      busy={busy}
      onClick={() => act(go, { failed: "Slack could not be opened." })}
    >
      {children}
    </Button>
  );
}
