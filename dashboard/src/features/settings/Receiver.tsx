import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { type Body, type Read } from "@/api/read";
import { Confirm } from "@/features/settings/Confirm";
import { ReceiverForm } from "@/features/settings/ReceiverForm";
import { ShownOnce } from "@/features/settings/ShownOnce";
import { useSignedIn } from "@/session/SessionProvider";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CodeBlock } from "@/ui/CodeBlock";
import { useState } from "react";

/** Somebody's own receiver of every change of an anomaly. */
export function Receiver({
  host,
  read,
}: {
  host: string | undefined;
  read: Read<Body<"/v1/settings">>;
}) {
  const [editing, setEditing] = useState(false);
  const [key, setKey] = useState<string>();
  const kept = (fresh: string) => {
    setKey(fresh);
    setEditing(false);
    void read.put();
  };
  return (
    <Card
      title="Your own receiver"
      hint="Every change of an anomaly is posted to it, signed."
      aside={host ? <Badge tone="good">set</Badge> : <Badge>not set</Badge>}
    >
      {host && !editing && <Set host={host} read={read} onChange={() => setEditing(true)} />}
      {(!host || editing) && (
        <ReceiverForm
          replaces={host !== undefined}
          onKept={kept}
          {...(editing ? { onCancel: () => setEditing(false) } : {})}
        />
      )}
      <ShownOnce
        title="The key of your receiver"
        open={key !== undefined}
        onKept={() => setKey(undefined)}
      >
        <p>
          Your receiver checks the signature of what it gets by this key. It is shown now and never
          again; a new one comes only with a new address.
        </p>
        <CodeBlock text={key ?? ""} label="Key of your receiver" copyLabel="Copy key" />
      </ShownOnce>
    </Card>
  );
}

function Set({
  host,
  read,
  onChange,
}: {
  host: string;
  read: Read<Body<"/v1/settings">>;
  onChange: () => void;
}) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    await taken(api.DELETE("/v1/settings/webhook"));
    await read.put();
  };
  const words = { done: "Your receiver is removed.", failed: "Your receiver was not removed." };
  return (
    <div className="space-y-4">
      <p className="text-sm">
        Posted to <code className="font-mono [overflow-wrap:anywhere]">{host}</code>
        <span className="text-muted">
          . The rest of its address may hold a secret and is not shown.
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onChange}>Change</Button>
        <Button look="danger" busy={busy} onClick={() => setAsking(true)}>
          Remove
        </Button>
      </div>
      <Confirm
        title="Remove your receiver?"
        open={asking}
        onClose={() => setAsking(false)}
        does="Remove"
        onConfirm={() => act(remove, words)}
      >
        Nothing is posted to {host} from then on. Slack is not touched.
      </Confirm>
    </div>
  );
}
