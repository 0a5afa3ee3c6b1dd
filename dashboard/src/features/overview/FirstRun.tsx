import { ButtonLink } from "@/ui/Button";
import { Cloud, MessageSquare, Zap } from "lucide-react";

const STEPS = [
  {
    Icon: Cloud,
    title: "Connect an AWS account",
    text: "One link, one stack, about five minutes. We may only read.",
  },
  {
    Icon: MessageSquare,
    title: "Connect Slack",
    text: "Choose the channel where the right people read.",
  },
  {
    Icon: Zap,
    title: "See what we would have told you",
    text: "We go through your last 90 days and show the cards.",
  },
];

/** There is no account yet: how to begin. */
export function FirstRun() {
  return (
    <section
      aria-labelledby="first-run"
      className="rounded-xl border border-line bg-surface p-6 shadow-raised md:p-10"
    >
      <h2 id="first-run" className="text-xl font-semibold tracking-tight">
        Three steps, and you hear within seconds when something expensive starts
      </h2>
      <ol className="mt-6 grid gap-6 md:grid-cols-3">
        {STEPS.map(({ Icon, title, text }, nth) => (
          <li key={title} className="flex gap-4 md:block">
            <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-strong">
              <Icon aria-hidden className="size-5" />
            </span>
            <div className="md:mt-3">
              <h3 className="font-semibold">
                {nth + 1}. {title}
              </h3>
              <p className="text-sm text-muted">{text}</p>
            </div>
          </li>
        ))}
      </ol>
      <ButtonLink href="/dashboard/connect" look="primary" className="mt-8">
        Connect your first account
      </ButtonLink>
    </section>
  );
}
