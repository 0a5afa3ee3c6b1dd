import { type Api } from "@/api/client";
import { read, type Body, type Item, type Key, type Paged, type Params } from "@/api/read";

/** Pages that are read of a list at most. */
const MOST_PAGES = 20;

/** A list to its end, of which the first page was read. */
export async function withRest<P extends Paged>(
  api: Api,
  [path, params]: Key<P>,
  first: Body<P>,
): Promise<Body<P>> {
  type Page = { items: Item<P>[]; next?: string | null };
  const whole = { ...(first as unknown as Page) };
  for (let page = 1; whole.next && page < MOST_PAGES; page += 1) {
    const query = { ...(params?.query as object | undefined), cursor: whole.next };
    const more = (await read(api, [path, { ...params, query } as unknown as Params<P>])).body;
    const { items, next } = more as unknown as Page;
    whole.items = [...whole.items, ...items];
    whole.next = next;
  }
  return whole as unknown as Body<P>;
}
