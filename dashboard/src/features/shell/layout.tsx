import { READING } from "@/api/read";
import { Shell } from "@/features/shell/Shell";
import { Guard } from "@/session/Guard";
import { SessionProvider } from "@/session/SessionProvider";
import { Toasts } from "@/ui/Toasts";
import { type ReactElement } from "react";
import { SWRConfig } from "swr";

/** What every page of the dashboard stands in. */
export function inDashboard(page: ReactElement) {
  return (
    <SessionProvider>
      <Guard>
        <SWRConfig value={READING}>
          <Toasts>
            <Shell>{page}</Shell>
          </Toasts>
        </SWRConfig>
      </Guard>
    </SessionProvider>
  );
}
