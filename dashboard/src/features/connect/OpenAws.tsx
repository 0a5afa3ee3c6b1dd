import { Findings } from "@/features/health/Findings";
import { Milestones } from "@/features/connect/Milestones";
import { openLater } from "@/features/connect/openLater";
import { addressOf, type Place } from "@/features/connect/place";
import { type Setup, type SetupStanding } from "@/features/connect/standing";
import { templateOf } from "@/features/connect/template";
import { type BegunSetup } from "@/features/connect/useSetup";
import { moment } from "@/format/time";
import { Banner } from "@/ui/Banner";
import { Button, buttonClasses } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Copy } from "@/ui/Copy";
import { ExternalLink } from "lucide-react";
import { useState, type MouseEvent } from "react";

/** What the stack makes and what it may; the last line is for who has to sign it off. */
const WHAT = [
  "A role by which we look at what runs and what it costs. It can only read: we start, stop and change nothing, and what is in your buckets, tables, logs and secrets is denied to us.",
  "Rules in every region that hand us, as they happen, the calls that start something which costs money. AWS charges you $1 for a million of them. Where a policy of your organization denies a region, take it out of Regions on AWS's page: one of them rolls the whole stack back.",
  "The role lets in our account alone, and only with an ExternalId made for this connection. Delete the stack and all of it is gone.",
];

/** One button to AWS, and live what comes of it. */
export function OpenAws({
  begun,
  standing,
  place,
}: {
  begun: BegunSetup;
  standing: SetupStanding;
  place: Place;
}) {
  const { setup, wasOver, refused } = begun;
  // The one with which AWS was opened.
  const [opened, setOpened] = useState<string>();
  return (
    <Card
      title="Let us watch an AWS account"
      hint="A stack of CloudFormation does it: open AWS, tick the box at the bottom, create it."
    >
      <div className="grid gap-6 lg:grid-cols-2">
        <div className="space-y-4">
          <h3 className="mb-1.5 font-medium">What the stack creates</h3>
          <ul className="list-disc space-y-1.5 pl-5 text-sm text-muted marker:text-line-strong">
            {WHAT.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {wasOver && !refused && (
            <Banner tone="info" title="The earlier link no longer holds">
              Open AWS makes a new one.
            </Banner>
          )}
          {refused && (
            <Banner tone="critical" title="No link could be made">
              {refused.message}
            </Banner>
          )}
          <Ways begun={begun} place={place} onOpened={setOpened} />
          {setup ? <Link setup={setup} /> : <LinkFirst begun={begun} />}
        </div>
        <div className="space-y-4">
          <Milestones
            standing={standing}
            opened={setup !== undefined && setup.setupId === opened}
          />
          {setup && setup.findings.length > 0 && <Findings findings={setup.findings} />}
          {standing === "refused" && (
            <p className="text-sm text-muted">
              Put it right and create the stack anew by Open AWS, or name the role below: we look at
              it again at once.
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}

function Ways({
  begun: { setup, begin, isBeginning },
  place,
  onOpened,
}: {
  begun: BegunSetup;
  place: Place;
  onOpened: (setup: string) => void;
}) {
  const template = setup && templateOf(setup.quickCreateUrl);
  const open = async (event: MouseEvent) => {
    if (setup) return onOpened(setup.setupId);
    event.preventDefault();
    if (isBeginning) return;
    const tab = openLater();
    const made = await begin();
    if (!made) return tab?.close();
    // Where it was blocked the same press, once more, opens it: it is a link from now on.
    if (!tab) return;
    tab.lead(made.quickCreateUrl);
    onOpened(made.setupId);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {/* A link, not a window of a script, as soon as it is known where to: nothing blocks it. */}
      <a
        href={setup?.quickCreateUrl ?? addressOf(place)}
        target="_blank"
        rel="noopener noreferrer"
        aria-busy={isBeginning || undefined}
        onClick={(event) => void open(event)}
        className={buttonClasses("primary")}
      >
        Open AWS
        <ExternalLink aria-hidden className="size-4" />
        <span className="sr-only">(in a new tab)</span>
      </a>
      {template && (
        <a
          href={template}
          target="_blank"
          rel="noopener noreferrer"
          className="text-sm font-medium text-accent-strong underline underline-offset-2"
        >
          Read the template first
        </a>
      )}
    </div>
  );
}

function Link({ setup: { expiresAt, quickCreateUrl } }: { setup: Setup }) {
  return (
    <div className="text-sm text-muted">
      <p>The link holds until {moment(expiresAt)}. Nothing opened, or somebody else does it?</p>
      <div className="-ml-2">
        <Copy text={quickCreateUrl} label="Copy the link" />
      </div>
    </div>
  );
}

function LinkFirst({ begun: { begin, isBeginning } }: { begun: BegunSetup }) {
  return (
    <div className="text-sm text-muted">
      <p>Somebody else does it, or you want to read the template first?</p>
      <Button
        busy={isBeginning}
        onClick={() => void begin()}
        className="mt-2 min-h-8 px-2.5 py-1 text-xs"
      >
        Show the link
      </Button>
    </div>
  );
}
