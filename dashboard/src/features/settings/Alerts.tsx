import { useGet } from "@/api/read";
import { Slack } from "@/features/settings/Slack";
import { SlackNotice } from "@/features/settings/SlackNotice";
import { Times } from "@/features/settings/Times";
import { Card } from "@/ui/Card";
import { later } from "@/ui/later";
import { Failed, Skeleton } from "@/ui/states";
import Link from "next/link";

const Channels = later(
  async () => (await import("@/features/settings/below")).Channels,
  <Skeleton className="h-48 w-full" />,
);

const Receiver = later(
  async () => (await import("@/features/settings/below")).Receiver,
  <Skeleton className="h-48 w-full" />,
);

const DeleteEverything = later(
  async () => (await import("@/features/settings/below")).DeleteEverything,
  <Skeleton className="h-24 w-full rounded-xl" />,
);

/** When and where alerts go. */
export function Alerts() {
  const read = useGet("/v1/settings", undefined, { refreshInterval: 15_000 });
  const { body: settings, error, retry } = read;
  return (
    <div className="space-y-5">
      <SlackNotice />
      <div className="grid gap-5 lg:grid-cols-2 lg:items-start">
        <div className="space-y-5">
          {settings && <Times read={read} settings={settings} />}
          {!settings && (
            <Card title="Times">
              {error ? (
                <Failed error={error} retry={retry} />
              ) : (
                <Skeleton className="h-56 w-full max-w-md" />
              )}
            </Card>
          )}
          <OfAccounts />
        </div>
        <div className="space-y-5">
          <Slack />
          {settings && <Channels read={read} settings={settings} />}
          {settings && <Receiver host={settings.webhookHost ?? undefined} read={read} />}
          {!settings && !error && <Skeleton className="h-72 w-full" />}
        </div>
      </div>
      <DeleteEverything />
    </div>
  );
}

function OfAccounts() {
  return (
    <Card title="How loud an account is">
      <p className="text-sm text-muted">
        Sensitivity, strict or audit, and what you have called expected are settled account by
        account, on the page of each of your{" "}
        <Link href="/dashboard/accounts" className="font-medium text-accent-strong underline">
          accounts
        </Link>
        .
      </p>
    </Card>
  );
}
