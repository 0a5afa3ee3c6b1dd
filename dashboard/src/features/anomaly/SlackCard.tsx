import { type Detail } from "@/features/anomaly/optimistic";
import { moment } from "@/format/time";
import { line } from "@/features/anomaly/words";
import { count } from "@/format/words";
import { CodeBlock } from "@/ui/CodeBlock";
import { ExternalLink } from "lucide-react";
import { type ReactNode } from "react";

type CardView = NonNullable<Detail["card"]>;

const EDGES: Record<string, string> = {
  critical: "border-l-critical",
  warning: "border-l-warning",
  info: "border-l-info",
};

/** The card as Slack shows it: who, what, what it costs, why it is unusual, how to stop it. */
export function SlackCard({ anomaly, account }: { anomaly: Detail; account: string }) {
  const { card, severity, slackMessageUrl } = anomaly;
  if (!card) return <NoCard text={anomaly.text} />;
  return (
    <section
      aria-labelledby="card-title"
      className={`space-y-5 rounded-xl border border-l-4 border-line bg-surface p-5 shadow-raised ${EDGES[severity] ?? ""}`}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <h2 id="card-title" className="text-base font-semibold">
          {card.sentence}
        </h2>
        {slackMessageUrl && (
          <a
            href={slackMessageUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 rounded text-sm font-medium text-accent hover:underline"
          >
            Open in Slack
            <ExternalLink aria-hidden className="size-3.5" />
          </a>
        )}
      </header>
      <Fields anomaly={anomaly} card={card} account={account} />
      <Part title="What it costs">
        <Cost lines={card.cost} />
      </Part>
      {card.why.length > 0 && (
        <Part title="Why this alert">
          <ul className="list-disc space-y-1 pl-5">
            {card.why.map((reason) => (
              <li key={reason}>{line(reason)}</li>
            ))}
          </ul>
        </Part>
      )}
      {card.stop.length > 0 && (
        <Part title="How to stop it" hint="Never run by us. The reversible step comes first.">
          <Steps steps={card.stop} />
        </Part>
      )}
    </section>
  );
}

function NoCard({ text }: { text: string }) {
  return (
    <section
      aria-label="Card"
      className="rounded-xl border border-line bg-surface p-5 shadow-raised"
    >
      <p className="font-medium">{text}</p>
      <p className="text-sm text-muted">
        Its first event is older than what we keep: the card itself is gone.
      </p>
    </section>
  );
}

function Fields({ anomaly, card, account }: { anomaly: Detail; card: CardView; account: string }) {
  const fields: readonly (readonly [string, ReactNode])[] = [
    ["Who", card.who],
    ["Account", account],
    ["Region", anomaly.region],
    ["In all", count(anomaly.count, "resource")],
    [
      "When",
      <time key="at" dateTime={card.at}>
        {moment(card.at)}
      </time>,
    ],
    [
      "Call",
      <code key="call" className="font-mono text-[13px]">
        {card.call}
      </code>,
    ],
  ];
  return (
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2 lg:grid-cols-3">
      {fields.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-muted">{name}</dt>
          <dd className="font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <div className="space-y-2 text-sm">
      <h3 className="font-semibold">
        {title} {hint && <span className="font-normal text-muted">{hint}</span>}
      </h3>
      {children}
    </div>
  );
}

/** The first line is what it comes to, the others are how. */
function Cost({ lines }: { lines: readonly string[] }) {
  const [first, ...others] = lines;
  return (
    <div className="space-y-1">
      <p className="font-medium">{first}</p>
      {others.map((other) => (
        <p key={other} className="font-mono text-[13px] break-words text-muted">
          {other}
        </p>
      ))}
    </div>
  );
}

function Steps({ steps }: { steps: CardView["stop"] }) {
  return (
    <ol className="space-y-4">
      {steps.map(({ remark, commands }, nth) => (
        <li key={nth} className="space-y-1.5">
          <p>
            {steps.length > 1 && `${nth + 1}. `}
            {line(remark)}
          </p>
          {commands.length > 0 && (
            <CodeBlock
              text={commands.join("\n")}
              label={steps.length > 1 ? `Commands of step ${nth + 1}` : "Commands"}
            />
          )}
        </li>
      ))}
    </ol>
  );
}
