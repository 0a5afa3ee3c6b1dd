import { ALERT } from "@/features/landing/alertCard";
import { LogoSign } from "@/ui/Logo";
import { type ReactNode } from "react";

/** An alert as it stands in Slack. */
export function AlertCard() {
  return (
    <figure className="min-w-0">
      <div className="rounded-2xl border border-line bg-surface p-4 shadow-raised sm:p-5">
        <Sender />
        <div className="mt-3 space-y-3.5 text-sm leading-normal sm:pl-12">
          <p className="flex items-start gap-2 text-base font-bold">
            <svg viewBox="0 0 16 16" aria-hidden className="mt-1.5 size-3.5 shrink-0">
              <circle cx="8" cy="8" r="8" className="fill-critical" />
            </svg>
            <span>
              <span className="text-critical">{ALERT.severity}</span> {ALERT.title}
            </span>
          </p>
          <Fields />
          <Part name="Cost">
            {ALERT.cost.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </Part>
          <Part name="Why this alert">
            <ul className="list-disc space-y-0.5 pl-5">
              {ALERT.why.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Part>
          <Part name="Stop it">
            <p className="mt-1 rounded-lg border border-line bg-sunken p-2.5 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
              <span className="block text-muted">{ALERT.stop.note}</span>
              {ALERT.stop.command.split(" ").map((word) => (
                <span key={word}>
                  <span className="whitespace-nowrap">{word}</span>{" "}
                </span>
              ))}
            </p>
          </Part>
          <Buttons />
        </div>
      </div>
      <figcaption className="mt-3 text-center text-sm text-muted">
        As it stands in Slack; two reasons and the final commands are left out here.
      </figcaption>
    </figure>
  );
}

function Sender() {
  return (
    <p className="flex items-center gap-3">
      <LogoSign size={36} />
      <span className="font-bold">dd0c/cost</span>
      <span className="rounded bg-sunken px-1.5 py-0.5 text-xs font-medium text-muted">APP</span>
      <span className="text-xs text-muted">03:04</span>
    </p>
  );
}

function Fields() {
  return (
    <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
      {ALERT.fields.map(({ name, text }) => (
        <div key={name} className="min-w-0">
          <dt className="font-bold">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <p className="font-bold">{name}</p>
      {children}
    </div>
  );
}

/** They cannot be pressed here, and do not say that they could. */
function Buttons() {
  return (
    <ul aria-label="Buttons of the card in Slack" className="flex flex-wrap gap-2">
      {ALERT.buttons.map((name) => (
        <li
          key={name}
          className="rounded-md border border-line px-2.5 py-1 text-[13px] font-semibold"
        >
          {name}
        </li>
      ))}
    </ul>
  );
}
