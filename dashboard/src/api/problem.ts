import { type components } from "@/api/schema";

type Problem = components["schemas"]["Problem"];

/** Why the API did not do what it was asked. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  private constructor(
    /** The HTTP status; 0 if there was no answer at all. */
    readonly status: number,
    /** Stable word of the kind. */
    readonly code: string,
    /** What is wrong, for people. */
    message: string,
    /** Number of the request, for our support. */
    readonly requestId: string | undefined,
    /** Seconds after which it may be tried again. */
    readonly retryAfter: number | undefined,
    /** The field of what was sent that is wrong: `routes[0].channel`. */
    readonly field: string | undefined,
  ) {
    super(message);
  }

  /** Of an answer that is none of success; its body may be anything. */
  static ofAnswer(answer: Response, body: unknown): ApiError {
    const problem: Partial<Problem> = typeof body === "object" && body !== null ? body : {};
    const seconds = Number(answer.headers.get("retry-after"));
    return new ApiError(
      answer.status,
      problem.code ?? "unknown",
      problem.detail ?? problem.title ?? `The server answered with status ${answer.status}.`,
      problem.requestId ?? answer.headers.get("x-request-id") ?? undefined,
      seconds > 0 ? seconds : undefined,
      problem.field ?? undefined,
    );
  }

  /** Of a request that got no answer. */
  static unreachable(): ApiError {
    const message =
      "We cannot be reached just now. Check your connection; we try again by ourselves.";
    return new ApiError(0, "unreachable", message, undefined, undefined, undefined);
  }

  /** Of something that was done while its answer was lost: what it showed once cannot be had again. */
  static lost(message: string): ApiError {
    return new ApiError(200, "answer_lost", message, undefined, undefined, undefined);
  }

  /** Whether the same request may succeed later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Whatever was thrown, as a problem. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : ApiError.unreachable();
}
