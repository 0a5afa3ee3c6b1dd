import { ApiError } from "@/api/problem";

/** Begins of the keys of what is known of one account. */
const OF_ACCOUNT = "/v1/accounts/{accountId}";

/** Whether an answer of the cache is about an account: its page, its health, its governance … */
export function isOfAccount(key: unknown, account: string): boolean {
  if (!Array.isArray(key) || typeof key[0] !== "string" || !key[0].startsWith(OF_ACCOUNT)) {
    return false;
  }
  const params = key[1] as { path?: { accountId?: string } } | undefined;
  return params?.path?.accountId === account;
}

/** What is said where something was not changed; the API's own words follow. */
export function notChanged(error: unknown, failed: string): string {
  const isStale = error instanceof ApiError && error.status === 412;
  return isStale ? "Somebody else has just changed this account." : failed;
}
