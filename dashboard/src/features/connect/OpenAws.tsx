import { Findings } from "@/features/health/Findings";
import { Milestones } from "@/features/connect/Milestones";
import { type Setup, type SetupStanding } from "@/features/connect/standing";
import { templateOf } from "@/features/connect/template";
import { moment } from "@/format/time";
import { buttonClasses } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Copy } from "@/ui/Copy";
import { ExternalLink } from "lucide-react";
import { useState } from "react";

/** What the stack makes and what it may; the last line is for who has to sign it off. */
const WHAT = [
  "A role by which we look at what runs and what it costs. It can only read: we start, stop and change nothing, and what is in your buckets, tables, logs and secrets is denied to us.",
  "Rules in every region that hand us, as they happen, the calls that start something which costs money. AWS charges you $1 for a million of them.",
  "The role lets in our account alone, and only with an ExternalId made for this connection. Delete the stack and all of it is gone.",
];

/** One button to AWS, and live what comes of it. */
export function OpenAws({ setup, standing }: { setup: Setup; standing: SetupStanding }) {
  const [opened, setOpened] = useState(false);
  const template = templateOf(setup.quickCreateUrl);
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
          {/* A link, not a window of a script: nothing blocks it. */}
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <a
              href={setup.quickCreateUrl}
              target="_blank"
              rel="noopener noreferrer"
              onClick={() => setOpened(true)}
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
          <div className="text-sm text-muted">
            <p>
              The link holds until {moment(setup.expiresAt)}. Nothing opened, or somebody else does
              it?
            </p>
            <div className="-ml-2">
              <Copy text={setup.quickCreateUrl} label="Copy the link" />
            </div>
          </div>
        </div>
        <div className="space-y-4">
          <Milestones standing={standing} opened={opened} />
          {setup.findings.length > 0 && <Findings findings={setup.findings} />}
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
