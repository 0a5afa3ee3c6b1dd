import { useGet } from "@/api/read";
import { KeyList } from "@/features/settings/KeyList";
import { NewKey } from "@/features/settings/NewKey";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Empty, Failed, SkeletonLines } from "@/ui/states";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

/** Keys by which somebody's own programs read from us. */
export function Keys() {
  const read = useGet("/v1/api-keys", undefined, { refreshInterval: 15_000 });
  const [making, setMaking] = useState(false);
  const { body, error, retry } = read;
  const make = (
    <Button look="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden className="size-4" />
      Make a key
    </Button>
  );
  return (
    <Card
      title="API keys"
      hint="For your own programs. A key is shown once; we keep only its fingerprint."
      aside={body && body.items.length > 0 ? <div className="pt-1">{make}</div> : undefined}
    >
      {body && body.items.length > 0 && <KeyList read={read} keys={body.items} />}
      {body && body.items.length === 0 && (
        <Empty icon={<KeyRound aria-hidden className="size-8" />} title="No key yet" action={make}>
          A key opens what you choose, such as reading anomalies from a script or a dashboard of
          your own.
        </Empty>
      )}
      {!body && error && <Failed error={error} retry={retry} />}
      {!body && !error && <SkeletonLines lines={3} label="Loading keys" />}
      <NewKey open={making} onClose={() => setMaking(false)} onMade={() => void read.put()} />
    </Card>
  );
}
