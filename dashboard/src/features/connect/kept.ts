import { type Kept } from "@/features/connect/place";
import { PERSONAL } from "@/session/personal";

const KEY = `${PERSONAL}connect`;

/** Keeps where somebody is while he is at Slack, in this tab. */
export function keep({ setup, account }: Kept): void {
  sessionStorage.setItem(KEY, JSON.stringify({ setup, account }));
}

/** What was kept; nothing of it is trusted: the API says whether it exists. */
export function kept(): Kept {
  try {
    const { setup, account } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Kept;
    return { ...(setup ? { setup } : {}), ...(account ? { account } : {}) };
  } catch {
    return {};
  }
}
