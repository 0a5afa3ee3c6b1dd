import { Part } from "@/features/landing/Part";
import { classes } from "@/ui/classes";
import { Check, X } from "lucide-react";

const READS = [
  "Calls in CloudTrail that start, change or end something that costs money: who, from where, with which parameters",
  "Which instances, databases, functions, volumes and gateways there are, and how they are set up",
  "How much they are used, by the metrics of CloudWatch",
  "Whether your trail and our rules still stand as they should",
];

const NEVER = [
  "Start, stop, change or delete anything of yours. Commands are for you to run",
  "Read your data: objects in S3, entries of tables, logs, secrets and start-up scripts are denied to the role outright",
  "Run code in your account. There is no agent and no function",
  "Be used by anybody else: the role opens only with the ExternalId that was made for your connection alone",
];

/** What it reads, and what it can never do. */
export function Reach() {
  return (
    <Part
      id="reach"
      title="What it reads, and what it can never do"
      lead="All of it stands in one CloudFormation template that you can read before you create it."
    >
      <div className="grid gap-5 md:grid-cols-2">
        <List title="It reads" lines={READS} />
        <List title="It can never" lines={NEVER} never />
      </div>
      <p className="mt-5 max-w-prose text-sm text-muted">
        To be exact: AWS shows the environment variables of Lambda functions together with their
        memory, which we look for. Keep secrets in Secrets Manager, which the role cannot open.
      </p>
    </Part>
  );
}

function List({
  title,
  lines,
  never = false,
}: {
  title: string;
  lines: readonly string[];
  never?: boolean;
}) {
  const Icon = never ? X : Check;
  return (
    <div className="rounded-xl border border-line bg-surface p-6 shadow-raised">
      <h3 className="text-lg font-semibold">{title}</h3>
      <ul className="mt-4 space-y-3">
        {lines.map((line) => (
          <li key={line} className="flex gap-3">
            <span
              className={classes(
                "mt-0.5 grid size-5 shrink-0 place-items-center rounded-full",
                never ? "bg-critical-soft text-critical" : "bg-good-soft text-good",
              )}
            >
              <Icon aria-hidden className="size-3.5" strokeWidth={3} />
            </span>
            <span>{line}.</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
