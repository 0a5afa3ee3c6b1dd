import { ApiError } from "@/api/problem";
import { type paths } from "@/api/schema";
import createClient, { type Client } from "openapi-fetch";

/** The whole API, typed by its document. */
export type Api = Client<paths>;

interface Holder {
  readonly accessToken: string;
}

/** Where tokens come from. */
export interface Tokens {
  /** The present one; `null` if nobody is signed in. */
  user(): Promise<Holder | null>;
  /** A new one; `null` if none is given any more. */
  renew(): Promise<Holder | null>;
}

/** Longest wait for an answer; the API itself gives up after five seconds. */
const TIMEOUT_MS = 15_000;

/** So long the same request again is meant to be the one that got no answer; later it is another one. */
const SAME_MS = 5 * 60_000;

/**
 * The API as somebody who is signed in may use it. An answer 401 is dealt with here and nowhere
 * else: the token is renewed and the request sent once more; if that does not help, `expired`.
 */
export function createApi(
  baseUrl: string,
  tokens: Tokens,
  expired: () => void,
  send: typeof fetch = (request) => fetch(request),
): Api {
  const attempt = async (request: Request, user: Holder | null) => {
    // Nobody is asked in nobody's name: what is under way when somebody leaves ends here.
    if (!user) return new Response(null, { status: 401 });
    const signed = new Request(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    signed.headers.set("authorization", `Bearer ${user.accessToken}`);
    return send(signed);
  };
  /** Keys of what was asked for and got no answer, or one that says nothing of whether it was done. */
  const open = new Map<string, { key: string; until: number }>();
  const answered = async (request: Request): Promise<Response> => {
    if (request.method !== "POST") return sentTwice(request);
    // Whoever asks for the same again after a time-out gets what he has made, and not a second one.
    const asked = `${request.url}\n${await request.clone().text()}`;
    const known = open.get(asked);
    const key = known && known.until > Date.now() ? known.key : crypto.randomUUID();
    open.set(asked, { key, until: Date.now() + SAME_MS });
    request.headers.set("idempotency-key", key);
    const answer = await sentTwice(request);
    if (answer.status < 500) open.delete(asked);
    return answer;
  };
  const sentTwice = async (request: Request): Promise<Response> => {
    const again = request.clone();
    const answer = await attempt(request, await tokens.user());
    if (answer.status !== 401) return answer;
    const renewed = await tokens.renew();
    const second = renewed ? await attempt(again, renewed) : answer;
    if (second.status === 401) expired();
    return second;
  };
  return createClient<paths>({ baseUrl, fetch: answered });
}

/** The body of an answer of success with its ETag; throws {@link ApiError} for any other. */
export async function taken<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<{ body: T; etag: string | undefined }> {
  const { data, error, response } = await answer.catch((thrown: unknown) => {
    throw thrown instanceof ApiError ? thrown : ApiError.unreachable();
  });
  if (!response.ok) throw ApiError.ofAnswer(response, error);
  return { body: data as T, etag: response.headers.get("etag") ?? undefined };
}
