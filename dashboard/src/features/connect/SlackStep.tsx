import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { type components } from "@/api/schema";
import { useGet } from "@/api/read";
import { keep } from "@/features/connect/kept";
import { type Place } from "@/features/connect/place";
import { slackReason } from "@/features/connect/slackWords";
import { type Go } from "@/features/connect/usePlace";
import { day } from "@/format/time";
import { sentence } from "@/format/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Failed, Skeleton } from "@/ui/states";
import { Sign } from "@/ui/Sign";
import { ArrowRight, ExternalLink } from "lucide-react";
import { useState } from "react";

/** The second step: where people are told. */
export function SlackStep({ place, go }: { place: Place; go: Go }) {
  const { body: slack, error, retry } = useGet("/v1/slack", undefined, { refreshInterval: 10_000 });
  const isIn = slack?.connected === true;
  return (
    <>
      {place.slackFailed && !isIn && (
        <Banner tone="critical" title="Slack did not let us in">
          {slackReason(place.slackFailed)}
        </Banner>
      )}
      <Card title="Where should we tell you?" hint={HINT}>
        {slack ? (
          <Workspace slack={slack} place={place} />
        ) : error ? (
          <Failed error={error} retry={retry} />
        ) : (
          <Skeleton className="h-16 w-full max-w-md" />
        )}
      </Card>
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        {slack && !isIn && (
          <p className="text-sm text-muted">
            Until then alerts stand in this dashboard, and nobody is told elsewhere.
          </p>
        )}
        <Button
          look={isIn ? "primary" : "secondary"}
          onClick={() => void go({ ...place, step: "rehearsal", slackFailed: undefined })}
        >
          {isIn ? "Go on to the rehearsal" : "Later"}
          <ArrowRight aria-hidden className="size-4" />
        </Button>
      </div>
    </>
  );
}

const HINT =
  "Slack asks you for one channel, and you choose it there. We may post and answer commands; we read no messages.";

function Workspace({
  slack: { connected, team, channel, installedAt, broken },
  place,
}: {
  slack: components["schemas"]["SlackView"];
  place: Place;
}) {
  if (connected) {
    return (
      <div role="status" className="flex gap-3">
        <Sign of="good" />
        <div>
          <p className="font-medium">
            Alerts go to {channel ? channelName(channel) : "Slack"}
            {team && ` in ${team}`}
          </p>
          {installedAt && <p className="text-sm text-muted">Since {day(installedAt)}.</p>}
        </div>
      </div>
    );
  }
  return (
    <div className="space-y-4">
      {broken && (
        <Banner
          tone="warning"
          title={`We can post nothing in ${team ?? "your workspace"} any more`}
        >
          {sentence(broken)}. Let us in again and choose a channel.
        </Banner>
      )}
      <Install again={Boolean(broken)} place={place} />
    </div>
  );
}

function Install({ again, place }: { again: boolean; place: Place }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const [isSpent, setIsSpent] = useState(false);
  const install = () =>
    act(
      async () => {
        const { body } = await taken(
          api.POST("/v1/slack/install", { body: { returnTo: "connect" } }),
        );
        if (!body.url) return setIsSpent(true);
        keep(place);
        window.location.assign(body.url);
      },
      { failed: "We could not open Slack." },
    );
  return (
    <div className="space-y-2">
      <Button look="primary" busy={busy} onClick={install}>
        {again ? "Let us in again" : "Add to Slack"}
        <ExternalLink aria-hidden className="size-4" />
      </Button>
      {isSpent && (
        <p role="alert" className="text-sm text-critical">
          That link was given out already, and each holds once. Press the button for a new one.
        </p>
      )}
    </div>
  );
}

function channelName(channel: string): string {
  return /^[#@]/.test(channel) ? channel : `#${channel}`;
}
