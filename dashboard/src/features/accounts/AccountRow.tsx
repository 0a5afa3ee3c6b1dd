import {
  findingsWords,
  learningWords,
  modeWords,
  nameOf,
  statusOf,
  type Account,
} from "@/features/accounts/words";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { Fact, Facts } from "@/ui/Facts";
import { Progress } from "@/ui/Progress";
import { Ago } from "@/ui/time";
import Link from "next/link";

/** One account of the list: how it stands at a glance, the rest behind it. */
export function AccountRow({ account }: { account: Account }) {
  const { accountId, alias, baselineMaturity, mode, findings, lastEventAt } = account;
  const { word, tone } = statusOf(account);
  return (
    <li className="relative rounded-xl border border-line bg-surface p-5 shadow-raised transition-colors focus-within:border-accent hover:border-line-strong">
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-[15rem_1fr]">
        <div className="min-w-0">
          <h2 className={classes("truncate font-semibold", !alias && "font-mono")}>
            <Link
              href={`/dashboard/account?id=${accountId}`}
              className="outline-none after:absolute after:inset-0 after:rounded-xl focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {nameOf(account)}
            </Link>
          </h2>
          <div className="mt-1 flex flex-wrap items-center gap-2">
            <Badge tone={tone}>{word}</Badge>
            {alias && <span className="font-mono text-sm text-muted">{accountId}</span>}
          </div>
        </div>
        <Facts>
          <Fact name="Learning phase">
            <span className="block">{learningWords(account)}</span>
            {baselineMaturity < 100 && (
              <span className="mt-1.5 block max-w-40">
                <Progress label="Learning" percent={baselineMaturity} />
              </span>
            )}
          </Fact>
          <Fact name="Tells you">{modeWords(mode)}</Fact>
          <Fact name="Health">
            <span className={findings > 0 ? "text-warning" : undefined}>
              {findingsWords(account)}
            </span>
          </Fact>
          <Fact name="Last event">{lastEventAt ? <Ago at={lastEventAt} /> : "None yet"}</Fact>
        </Facts>
      </div>
    </li>
  );
}
