import { taken } from "@/api/client";
import { useAct } from "@/api/act";
import { ApiError } from "@/api/problem";
import { type Body, type Read } from "@/api/read";
import {
  parseQuietHours,
  problemOf,
  quietHoursText,
  type QuietHours,
} from "@/features/settings/quietHours";
import { QuietHoursField } from "@/features/settings/QuietHoursField";
import { ZoneField } from "@/features/settings/ZoneField";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useState } from "react";

type Settings = Body<"/v1/settings">;

interface Draft {
  readonly timezone: string;
  readonly quiet: QuietHours | undefined;
  /** Names what was read when somebody began to type. */
  readonly etag?: string | undefined;
}

function draftOf({ timezone, quietHours }: Settings): Draft {
  return { timezone, quiet: parseQuietHours(quietHours) };
}

function changeOf({ timezone, quiet }: Draft) {
  return { timezone, quietHours: quiet ? quietHoursText(quiet) : null };
}

/** Whether anything would be changed. */
function differs(draft: Draft, settings: Settings): boolean {
  const { timezone, quietHours } = changeOf(draft);
  return timezone !== settings.timezone || quietHours !== (settings.quietHours ?? null);
}

/** The time zone and the quiet hours; what is saved is a change of what was read. */
export function Times({ read, settings }: { read: Read<Settings>; settings: Settings }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const [typed, setTyped] = useState<Draft>();
  const [overtaken, setOvertaken] = useState(false);
  const draft = typed ?? draftOf(settings);
  const wrong = draft.quiet !== undefined && problemOf(draft.quiet) !== undefined;
  const change = (to: Partial<Draft>) =>
    setTyped({ ...draft, etag: typed?.etag ?? read.etag, ...to });
  const discard = () => {
    setTyped(undefined);
    setOvertaken(false);
  };

  const save = async () => {
    const version = draft.etag ?? read.etag;
    const header = version ? { "If-Match": version } : {};
    try {
      await taken(api.PUT("/v1/settings", { params: { header }, body: changeOf(draft) }));
    } catch (error) {
      const changed = error instanceof ApiError && error.status === 412;
      setOvertaken(changed);
      // What stands there now is shown: the next time it is changed knowingly.
      if (changed) setTyped({ ...draft, etag: undefined });
      await read.put();
      throw error;
    }
    await read.put();
    discard();
  };
  const submit = () =>
    act(save, { done: "Your settings are saved.", failed: "Your settings were not saved." });

  return (
    <Card title="Times" hint="The digest comes at 09:00 by this clock, and quiet hours are its.">
      <form
        className="max-w-md space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <ZoneField value={draft.timezone} onChange={(timezone) => change({ timezone })} />
        <QuietHoursField value={draft.quiet} onChange={(quiet) => change({ quiet })} />
        {overtaken && <Overtaken settings={settings} />}
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabled={wrong || !differs(draft, settings)}
          >
            Save
          </Button>
          {typed && differs(draft, settings) && (
            <Button look="quiet" onClick={discard}>
              Discard
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}

function Overtaken({ settings: { timezone, quietHours } }: { settings: Settings }) {
  return (
    <p role="alert" className="rounded-lg bg-warning-soft p-3 text-sm">
      Somebody else has changed the settings meanwhile: {timezone},{" "}
      {quietHours ? `quiet ${quietHours}` : "no quiet hours"}. Save once more to put yours in their
      place, or discard yours.
    </p>
  );
}
