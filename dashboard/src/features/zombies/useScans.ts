import { read } from "@/api/read";
import { type components } from "@/api/schema";
import { isUnderWay, standingOf } from "@/features/zombies/scan";
import { useSignedIn } from "@/session/SessionProvider";
import useSWR from "swr";

type Account = components["schemas"]["Account"];

/** The search of one account. */
export interface AccountScan {
  readonly account: Account;
  /** None before it has begun. */
  readonly scan: components["schemas"]["ScanView"] | null | undefined;
  /** Nothing can be said of it just now. */
  readonly unreadable: boolean;
}

/** Accounts whose searches are shown: each is a request of its own. */
export const MOST_SCANS = 12;

const SOON_MS = 10_000;
const LATER_MS = 60_000;

function refreshInterval(latest: readonly AccountScan[] | undefined): number {
  return isUnderWay((latest ?? []).map(({ scan }) => standingOf(scan))) ? SOON_MS : LATER_MS;
}

/** How the searches of these accounts stand; asked often only while one goes on. */
export function useScans(accounts: readonly Account[] | undefined): AccountScan[] | undefined {
  const { api } = useSignedIn();
  const searched = accounts?.filter(({ status }) => status === "active" || status === "degraded");
  const shown = searched?.slice(0, MOST_SCANS);
  const ids = shown?.map(({ accountId }) => accountId);
  const one = async (account: Account): Promise<AccountScan> => {
    const params = { path: { accountId: account.accountId } };
    try {
      const { body } = await read(api, ["/v1/accounts/{accountId}/health", params]);
      return { account, scan: body.scan, unreadable: false };
    } catch {
      // The others can be read all the same; it is asked again by itself.
      return { account, scan: undefined, unreadable: true };
    }
  };
  const { data } = useSWR(
    ids ? ["scans", ...ids] : null,
    () => Promise.all((shown ?? []).map(one)),
    {
      keepPreviousData: true,
      refreshInterval,
    },
  );
  return data;
}
