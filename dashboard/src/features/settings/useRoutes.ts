import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { ApiError } from "@/api/problem";
import { type Body, type Read } from "@/api/read";
import { type Route } from "@/features/settings/routes";
import { useSignedIn } from "@/session/SessionProvider";

type Settings = Body<"/v1/settings">;

/** How routes are saved. */
export interface Saving {
  readonly busy: boolean;
  /** Saves what becomes of the routes that are there now; says whether it did. */
  readonly save: (
    change: (routes: readonly Route[]) => Route[],
    words: { readonly done: string; readonly failed: string },
  ) => Promise<boolean>;
}

/** Saves routes as a change of the settings that were read, whose other parts stay as they are. */
export function useRoutes(read: Read<Settings>, settings: Settings): Saving {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const put = async (routes: Route[]) => {
    const { timezone, quietHours } = settings;
    const header = read.etag ? { "If-Match": read.etag } : {};
    const body = { timezone, quietHours: quietHours ?? null, routes };
    try {
      await taken(api.PUT("/v1/settings", { params: { header }, body }));
    } catch (error) {
      // What stands there now is shown: the next time it is changed knowingly.
      if (error instanceof ApiError && error.status === 412) await read.put();
      throw error;
    }
    await read.put();
  };
  return {
    busy,
    save: (change, words) => act(() => put(change(settings.routes)), words),
  };
}
