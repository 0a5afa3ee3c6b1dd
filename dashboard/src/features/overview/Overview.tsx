import { useGet } from "@/api/read";
import { useAccountNames } from "@/features/anomalies/accountNames";
import { Accounts } from "@/features/overview/Accounts";
import { OpenAnomalies } from "@/features/overview/OpenAnomalies";
import { RunRate } from "@/features/overview/RunRate";
import { Spend } from "@/features/overview/Spend";
import { Warnings } from "@/features/overview/Warnings";
import { Banner } from "@/ui/Banner";
import { later } from "@/ui/later";
import { Failed, Skeleton } from "@/ui/states";

/** Shown once in the life of a tenant. */
const FirstRun = later(
  async () => (await import("@/features/overview/FirstRun")).FirstRun,
  <Skeleton className="h-80 w-full rounded-xl" />,
);

/** How things stand, at a glance. */
export function Overview() {
  // The shell reads it, too: asked once for both.
  const {
    body: status,
    error,
    retry,
  } = useGet("/v1/status", undefined, {
    refreshInterval: 15_000,
  });
  const names = useAccountNames();
  if (!status && error) return <Failed error={error} retry={retry} />;
  if (status?.accounts === 0) return <FirstRun />;
  return (
    <>
      {error && (
        <Banner tone="warning" title="This may be old">
          {error.message}
        </Banner>
      )}
      <Warnings status={status} />
      <RunRate status={status} />
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <OpenAnomalies status={status} accounts={names} />
        <Accounts accounts={names.read} />
      </div>
      <Spend accounts={names} />
    </>
  );
}
