import { ApiError, asApiError } from "@/api/problem";

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

const STALE = "Somebody else has just changed this account.";
const NOW_NEW = "You see theirs now: change it again if you still want to.";

/** What is said where something was not changed, and why; what is shown is read again meanwhile. */
export function notChanged(thrown: unknown, failed: string): { what: string; error: ApiError } {
  const error = asApiError(thrown);
  if (error.status !== 412) return { what: failed, error };
  const stale = new Response(null, { status: 412 });
  return { what: STALE, error: ApiError.ofAnswer(stale, { detail: NOW_NEW }) };
}
