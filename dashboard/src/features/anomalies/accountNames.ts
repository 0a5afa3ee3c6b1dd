import { type components } from "@/api/schema";
import { useAccounts } from "@/features/accounts/useAccounts";
import { namesOf } from "@/features/accounts/words";
import { useMemo } from "react";

type Account = components["schemas"]["Account"];

/** What accounts are called, by their number. */
export interface AccountNames {
  readonly accounts: readonly Account[];
  /** The same, `undefined` until they are read. */
  readonly read: readonly Account[] | undefined;
  /** Its name; its number where it has none or is not known yet. */
  readonly nameOf: (accountId: string) => string;
}

/** Reads what accounts are called. */
export function useAccountNames(): AccountNames {
  const items = useAccounts().body?.items;
  return useMemo(() => {
    const accounts = items ?? [];
    return { accounts, read: items, nameOf: namesOf(accounts) };
  }, [items]);
}
