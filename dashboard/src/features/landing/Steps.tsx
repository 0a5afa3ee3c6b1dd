import { Part } from "@/features/landing/Part";

const STEPS = [
  {
    title: "Connect your account",
    text: "One link opens AWS and creates a read-only role and the rules that pass on calls which start, change or end something that costs money. About five minutes, all regions.",
  },
  {
    title: "It learns what is usual",
    text: "Who starts what, where, how often and how large. You see at once what it would have told you in the last 90 days. For two weeks only the safety net speaks; then what is unusual does, too.",
  },
  {
    title: "You read, and you decide",
    text: "A card in Slack names the person, the price and the commands that stop it, those that can be undone first. Press Expected, and such a thing stays quiet. Nothing is ever stopped for you.",
  },
];

/** How it works, in three steps. */
export function Steps() {
  return (
    <Part id="how" title="How it works">
      <ol className="grid gap-5 md:grid-cols-3">
        {STEPS.map(({ title, text }, place) => (
          <li key={title} className="rounded-xl border border-line bg-surface p-6 shadow-raised">
            <span
              aria-hidden
              className="grid size-9 place-items-center rounded-full bg-accent-soft font-semibold text-accent-strong"
            >
              {place + 1}
            </span>
            <h3 className="mt-4 text-lg font-semibold">{title}</h3>
            <p className="mt-1 text-muted">{text}</p>
          </li>
        ))}
      </ol>
    </Part>
  );
}
