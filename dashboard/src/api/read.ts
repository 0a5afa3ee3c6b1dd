import { type Api, taken } from "@/api/client";
import { type ApiError, asApiError } from "@/api/problem";
import { type paths } from "@/api/schema";
import { useSignedIn } from "@/session/SessionProvider";
import { useCallback, useEffect, useMemo, useRef } from "react";
import useSWR, { type SWRConfiguration } from "swr";
import useSWRInfinite from "swr/infinite";

/** Routes that can be read. */
export type Readable = {
  [P in keyof paths]: paths[P] extends { get: { responses: { 200: unknown } } } ? P : never;
}[keyof paths];

/** What a route answers. */
export type Body<P extends Readable> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer T } } } };
}
  ? T
  : never;

/** What a route may be asked with. */
export type Params<P extends Readable> = paths[P] extends { get: { parameters: infer T } }
  ? {
      path?: T extends { path: infer V } ? V : never;
      query?: T extends { query?: infer V } ? V : never;
    }
  : never;

/** Routes that are read by the page. */
export type Paged = {
  [P in Readable]: Body<P> extends { items: unknown[]; next?: string | null } ? P : never;
}[Readable];

/** An entry of a list. */
export type Item<P extends Paged> = Body<P> extends { items: (infer T)[] } ? T : never;

/** A route with what it is asked: the name of an answer in the cache. */
export type Key<P extends Readable = Readable> = readonly [P, Params<P>?];

interface Kept<P extends Readable> {
  readonly body: Body<P>;
  readonly etag: string | undefined;
}

/** Entries of a page of a list. */
const PAGE = 50;

/** Reads a route once. */
export async function read<P extends Readable>(api: Api, [path, params]: Key<P>) {
  // The types of a path that is known only by name do not meet those of openapi-fetch.
  const get = api.GET as unknown as (
    path: P,
    init: object,
  ) => Promise<{ data?: Body<P>; error?: unknown; response: Response }>;
  return taken(get(path, { params: params ?? {} }));
}

/** What is read, while it is read and when that fails. */
export interface Read<T> {
  readonly body: T | undefined;
  /** Names the version that was read: what is changed is changed of this one. */
  readonly etag: string | undefined;
  readonly error: ApiError | undefined;
  /** Asks again. */
  readonly retry: () => void;
  /** Puts something in its place until it is read again; with nothing just reads again. */
  readonly put: (body?: T) => Promise<void>;
}

/**
 * When to read again, as a function that stays the same: SWR begins to wait anew whenever it is another
 * one, and what is made anew with every rendering would never come to its end.
 */
function useInterval<T>(
  given: number | ((kept?: T) => number) | undefined,
  times: (kept?: T) => number = () => 1,
): (kept?: T) => number {
  const known = useRef({ given, times });
  useEffect(() => {
    known.current = { given, times };
  });
  return useCallback((kept?: T) => {
    const { given, times } = known.current;
    return (typeof given === "function" ? given(kept) : (given ?? 0)) * times(kept);
  }, []);
}

/**
 * Asks again what failed and may pass, when we are told to or ever more seldom, as long as it takes:
 * after a failure nothing else asks.
 */
function useRetry(error: ApiError | undefined, ask: () => Promise<unknown>): void {
  const tries = useRef(0);
  const asked = useRef(ask);
  useEffect(() => {
    asked.current = ask;
  });
  useEffect(() => {
    if (!error) tries.current = 0;
    if (!error?.passes) return;
    tries.current += 1;
    const seconds = error.retryAfter ?? Math.min(60, 2 ** Math.min(tries.current, 6));
    const timer = setTimeout(() => void asked.current(), seconds * 1000);
    return () => clearTimeout(timer);
  }, [error]);
}

/**
 * Reads a route and keeps it fresh; reads nothing as long as `path` is `null`. `reads` may read more of
 * it, for an address that is asked in no other way.
 */
export function useGet<P extends Readable>(
  path: P | null,
  params?: Params<P>,
  options?: SWRConfiguration,
  reads: (api: Api, key: Key<P>) => Promise<Kept<P>> = read,
): Read<Body<P>> {
  const { api } = useSignedIn();
  const key: Key<P> | null = path === null ? null : [path, params];
  const refreshInterval = useInterval<Kept<P>>(options?.refreshInterval);
  const {
    data,
    error: thrown,
    mutate,
  } = useSWR<Kept<P>, Error, Key<P> | null>(key, (asked: Key<P>) => reads(api, asked), {
    ...options,
    refreshInterval,
  });
  const error = useProblem(thrown);
  useRetry(error, mutate);
  return {
    body: data?.body,
    etag: data?.etag,
    error,
    retry: () => void mutate(),
    put: async (body) => {
      if (body === undefined) await mutate();
      else await mutate({ body, etag: data?.etag }, { revalidate: false });
    },
  };
}

function useProblem(thrown: Error | undefined): ApiError | undefined {
  return useMemo(() => (thrown ? asApiError(thrown) : undefined), [thrown]);
}

/** A list that is read page by page. */
export interface Pages<T> {
  readonly items: T[] | undefined;
  readonly error: ApiError | undefined;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
  /** Changes what is shown, then reads again. */
  readonly change: (each: (item: T) => T | undefined) => Promise<void>;
}

/** Reads a list page by page and keeps what is shown fresh. */
export function usePages<P extends Paged>(
  path: P | null,
  params?: Params<P>,
  options?: SWRConfiguration,
): Pages<Item<P>> {
  const { api } = useSignedIn();
  type Page = { items: Item<P>[]; next?: string | null };
  // All that is shown is kept fresh; the more it is, the more seldom.
  const refreshInterval = useInterval<Page[]>(
    options?.refreshInterval,
    (pages) => pages?.length || 1,
  );
  const {
    data,
    error: thrown,
    size,
    setSize,
    isValidating,
    mutate,
  } = useSWRInfinite<Page, Error>(
    (index: number, before: Page | null) => {
      if (path === null || (before && !before.next)) return null;
      const query = {
        limit: PAGE,
        ...(params?.query as object | undefined),
        ...(before?.next ? { cursor: before.next } : {}),
      };
      return [path, { ...params, query }, index];
    },
    async ([asked, init]: [P, Params<P>]) =>
      (await read(api, [asked, init])).body as unknown as Page,
    { ...options, refreshInterval, revalidateAll: true },
  );
  const error = useProblem(thrown);
  useRetry(error, mutate);
  const items = useMemo(() => data?.flatMap((page) => page.items), [data]);
  return {
    items,
    error,
    hasMore: Boolean(data?.at(-1)?.next),
    loadingMore: isValidating && size > (data?.length ?? 0),
    loadMore: () => void setSize(size + 1),
    retry: () => void mutate(),
    change: async (each) => {
      const changed = data?.map((page) => ({
        ...page,
        items: page.items.map(each).filter((item) => item !== undefined),
      }));
      await mutate(changed, { revalidate: true });
    },
  };
}

/** What holds for all that is read. */
export const READING: SWRConfiguration = {
  // A retry of SWR's own ends with the part of the page that happened to ask: see useRetry.
  shouldRetryOnError: false,
  focusThrottleInterval: 10_000,
};
