import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { moment } from "@/format/time";
import { useSignedIn } from "@/session/SessionProvider";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { useSWRConfig } from "swr";

/** Everything of the team goes; until when that can be taken back. */
export function BeingDeleted({ until }: { until: string }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const { mutate } = useSWRConfig();
  const undo = async () => {
    await act(() => taken(api.POST("/v1/tenant/undo")), {
      done: "Everything is as it was.",
      failed: "It could not be taken back.",
    });
    void mutate(() => true);
  };
  return (
    <Banner
      tone="critical"
      title="Everything of your team is being deleted"
      action={
        <Button busy={busy} onClick={undo}>
          Undo
        </Button>
      }
    >
      Nothing is alerted any more, and nothing can be changed. You can take it back until{" "}
      {moment(until)}; after that all data are deleted.
    </Banner>
  );
}
