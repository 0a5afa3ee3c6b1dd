import { Part } from "@/features/landing/Part";
import { ChevronDown } from "lucide-react";
import { type ReactNode } from "react";

const QUESTIONS: readonly { asked: string; answer: ReactNode }[] = [
  {
    asked: "How quick is it?",
    answer:
      "Mostly within a minute of the call. Our part is seconds; the rest is how long AWS takes to hand the event on. Every card says how many seconds passed, so you need not take our word for it.",
  },
  {
    asked: "What does it cost me in AWS?",
    answer:
      "AWS charges $1 for a million events that are passed on; an account where little is changed sends few. Once a week the search for zombies asks for metrics, a cent for a thousand, and the dashboard shows what that came to. You need a trail that logs management events: the first copy is free, its bucket is not.",
  },
  {
    asked: "What do you keep?",
    answer:
      "Calls that changed what you pay: who, what, where, when and its price, for 400 days. What runs now. Habits as numbers. Who changed which setting. Every other call is counted and dropped.",
  },
  {
    asked: "How do I leave?",
    answer:
      "Disconnect the account in the dashboard, or delete the stack in AWS: either is enough to stop us, and deleting the stack removes all that it made. You can take it back for a while; within 72 hours everything that we hold of the account is gone.",
  },
  {
    asked: "What about false alarms?",
    answer:
      "Press Expected on the card: such a thing is usual from then on, and for 90 days up to half as much again stays silent. Quiet hours, sensitivity and a strict mode are yours to set. On made-up accounts with known incidents it finds 94 % of them at about one needless alert in two weeks and account.",
  },
];

/** What people ask before they begin. */
export function Questions() {
  return (
    <Part id="questions" title="Questions" lead="What people ask before they begin." beside>
      <div className="divide-y divide-line rounded-xl border border-line bg-surface shadow-raised">
        {QUESTIONS.map(({ asked, answer }) => (
          <details key={asked} className="group px-5">
            <summary className="flex list-none items-center justify-between gap-4 rounded-lg py-4 font-medium [&::-webkit-details-marker]:hidden">
              {asked}
              <ChevronDown
                aria-hidden
                className="size-5 shrink-0 text-muted transition-transform group-open:rotate-180"
              />
            </summary>
            <p className="max-w-prose pb-5 text-muted">{answer}</p>
          </details>
        ))}
      </div>
    </Part>
  );
}
