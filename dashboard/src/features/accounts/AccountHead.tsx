import {
  findingsWords,
  learningWords,
  modeWords,
  nameOf,
  statusOf,
  type Account,
} from "@/features/accounts/words";
import { day } from "@/format/time";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Fact, Facts } from "@/ui/Facts";
import { PageHead } from "@/ui/PageHead";
import { Progress } from "@/ui/Progress";
import { Ago } from "@/ui/time";
import { ChevronLeft, Pencil } from "lucide-react";
import Link from "next/link";
import { later } from "@/ui/later";
import { useState } from "react";

const Rename = later(async () => (await import("@/features/accounts/Rename")).Rename);

/** Which account it is and how it stands. */
export function AccountHead({ account, etag }: { account: Account; etag: string | undefined }) {
  const [isRenaming, setIsRenaming] = useState(false);
  const { word, tone } = statusOf(account);
  return (
    <>
      <div>
        <Link
          href="/dashboard/accounts"
          className="-ml-1 inline-flex items-center gap-1 rounded-md text-sm text-muted hover:text-ink"
        >
          <ChevronLeft aria-hidden className="size-4" />
          Accounts
        </Link>
        <PageHead
          title={<span className="break-words">{nameOf(account)}</span>}
          actions={
            <Button onClick={() => setIsRenaming(true)}>
              <Pencil aria-hidden className="size-4" />
              Rename
            </Button>
          }
        >
          <span className="mt-1 flex flex-wrap items-center gap-2">
            <Badge tone={tone}>{word}</Badge>
            {account.alias && <span className="font-mono text-sm">{account.accountId}</span>}
          </span>
        </PageHead>
      </div>
      <Rename
        account={account}
        etag={etag}
        open={isRenaming}
        onClose={() => setIsRenaming(false)}
      />
      <Card>
        <h2 className="sr-only">At a glance</h2>
        <Facts>
          <Fact name="Learning phase">
            <span className="block">{learningWords(account)}</span>
            {account.baselineMaturity < 100 && (
              <span className="mt-1.5 block max-w-40">
                <Progress label="Learning" percent={account.baselineMaturity} />
              </span>
            )}
          </Fact>
          <Fact name="Tells you">{modeWords(account.mode)}</Fact>
          <Fact name="Health">{findingsWords(account)}</Fact>
          <Fact name="Last event">
            {account.lastEventAt ? <Ago at={account.lastEventAt} /> : "None yet"}
          </Fact>
          <Fact name="Watched since">{day(account.connectedAt)}</Fact>
        </Facts>
      </Card>
    </>
  );
}
