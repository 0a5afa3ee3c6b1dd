import { read, useGet, type Body, type Read } from "@/api/read";

/** All accounts to the last one, kept fresh; none are read unless they are wanted. */
export function useAccounts(wanted = true): Read<Body<"/v1/accounts">> {
  const path = wanted ? "/v1/accounts" : null;
  const query = { limit: 100 };
  return useGet(path, { query }, { refreshInterval: 15_000 }, async (api, key) => {
    const first = await read(api, key);
    if (!first.body.next) return first;
    // On demand: hardly anybody has more than a hundred.
    const { withRest } = await import("@/api/rest");
    return { ...first, body: await withRest(api, key, first.body) };
  });
}
