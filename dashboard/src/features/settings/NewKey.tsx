import { NewKeyForm } from "@/features/settings/NewKeyForm";
import { exampleOf, type Scope } from "@/features/settings/scopes";
import { ShownOnce } from "@/features/settings/ShownOnce";
import { useSignedIn } from "@/session/SessionProvider";
import { CodeBlock } from "@/ui/CodeBlock";
import { Dialog } from "@/ui/Dialog";
import { useState } from "react";

/** A key that was just made. */
export interface Made {
  readonly key: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** Asks what a key is to open, makes it, and shows it once. */
export function NewKey({
  open,
  onClose,
  onMade,
}: {
  open: boolean;
  onClose: () => void;
  onMade: () => void;
}) {
  const { config } = useSignedIn();
  const [made, setMade] = useState<Made>();
  const take = (fresh: Made) => {
    setMade(fresh);
    onClose();
    onMade();
  };
  return (
    <>
      <Dialog title="Make a key" open={open} onClose={onClose}>
        <NewKeyForm onMade={take} onLost={onMade} onCancel={onClose} />
      </Dialog>
      <ShownOnce
        title={made ? `Your key ${made.name}` : ""}
        open={made !== undefined}
        onKept={() => setMade(undefined)}
      >
        <p>Copy it now: it is shown this once and never again.</p>
        <CodeBlock text={made?.key ?? ""} label="The key" copyLabel="Copy key" />
        {made && (
          <details>
            <summary className="rounded font-medium text-accent-strong">Try it</summary>
            <div className="mt-2">
              <CodeBlock
                text={exampleOf(config.apiUrl || window.location.origin, made.key, made.scopes)}
                label="A request with curl"
                copyLabel="Copy command"
              />
            </div>
          </details>
        )}
      </ShownOnce>
    </>
  );
}
