import { createApi, taken, type Tokens } from "@/api/client";
import { ApiError } from "@/api/problem";
import { describe, expect, it, vi } from "vitest";

const HERE = "https://api.example.com";

/** An API that answers each request in turn, and what it was asked. */
function answering(...answers: (Response | Error)[]) {
  const asked: Request[] = [];
  const send = (request: RequestInfo | URL) => {
    asked.push(request as Request);
    const answer = answers.shift() ?? new Error("asked too often");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, send };
}

function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

function tokens(renewed: string | null): Tokens {
  return {
    user: () => Promise.resolve({ accessToken: "first" }),
    renew: vi.fn(() => Promise.resolve(renewed === null ? null : { accessToken: renewed })),
  };
}

describe("an answer 401", () => {
  it("renews the token and sends the same request once more", async () => {
    const { asked, send } = answering(json(401, {}), json(200, { id: "k" }));
    const expired = vi.fn();
    const api = createApi(HERE, tokens("second"), expired, send);

    const body = { name: "ci", scopes: ["spend:read" as const] };
    const made = await taken(api.POST("/v1/api-keys", { body }));

    expect(made.body).toEqual({ id: "k" });
    expect(expired).not.toHaveBeenCalled();
    expect(asked.map((request) => request.headers.get("authorization"))).toEqual([
      "Bearer first",
      "Bearer second",
    ]);
    expect(await asked[1]?.json()).toEqual(body);
  });

  it("ends the session when nothing renews the token", async () => {
    const { asked, send } = answering(json(401, { code: "unauthorized", detail: "Sign in." }));
    const expired = vi.fn();
    const api = createApi(HERE, tokens(null), expired, send);

    const error = await taken(api.GET("/v1/status")).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ status: 401, message: "Sign in." });
    expect(expired).toHaveBeenCalledOnce();
    expect(asked).toHaveLength(1);
  });

  it("ends the session when the new token is refused too, and asks no third time", async () => {
    const { asked, send } = answering(json(401, {}), json(401, {}));
    const expired = vi.fn();
    const api = createApi(HERE, tokens("second"), expired, send);

    await expect(taken(api.GET("/v1/status"))).rejects.toBeInstanceOf(ApiError);
    expect(expired).toHaveBeenCalledOnce();
    expect(asked).toHaveLength(2);
  });
});

describe("a POST", () => {
  it("carries one idempotency key through both attempts, and another for another request", async () => {
    const { asked, send } = answering(json(401, {}), json(200, {}), json(200, {}));
    const api = createApi(HERE, tokens("second"), vi.fn(), send);
    await api.POST("/v1/billing/portal", {});
    await api.POST("/v1/billing/portal", {});

    const keys = asked.map((request) => request.headers.get("idempotency-key"));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("that got no answer keeps its key until there is one", async () => {
    const { asked, send } = answering(
      new TypeError("timed out"),
      json(503, {}),
      json(201, {}),
      json(201, {}),
    );
    const api = createApi(HERE, tokens(null), vi.fn(), send);
    const make = (name: string) =>
      api.POST("/v1/api-keys", { body: { name, scopes: ["spend:read"] } }).catch(() => undefined);
    await make("ci");
    await make("ci");
    await make("ci");
    await make("ci");
    const keys = asked.map((request) => request.headers.get("idempotency-key"));
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it("is the only method with such a key", async () => {
    const { asked, send } = answering(json(200, {}));
    await createApi(HERE, tokens(null), vi.fn(), send).GET("/v1/status");
    expect(asked[0]?.headers.get("idempotency-key")).toBeNull();
  });
});

describe("taken", () => {
  it("gives the body with its version", async () => {
    const { send } = answering(json(200, { timezone: "UTC" }, { etag: '"7"' }));
    const api = createApi(HERE, tokens(null), vi.fn(), send);
    expect(await taken(api.GET("/v1/settings"))).toEqual({
      body: { timezone: "UTC" },
      etag: '"7"',
    });
  });

  it("says what the API says of a problem", async () => {
    const problem = {
      code: "rate_limited",
      detail: "Ask again in 7 s.",
      field: "routes[0].channel",
      requestId: "r1",
    };
    const { send } = answering(json(429, problem, { "retry-after": "7" }));
    const api = createApi(HERE, tokens(null), vi.fn(), send);
    await expect(taken(api.GET("/v1/status"))).rejects.toMatchObject({
      status: 429,
      code: "rate_limited",
      message: "Ask again in 7 s.",
      requestId: "r1",
      field: "routes[0].channel",
      retryAfter: 7,
      passes: true,
    });
  });

  it("tells no answer at all from one of failure", async () => {
    const { send } = answering(new TypeError("Failed to fetch"));
    const api = createApi(HERE, tokens(null), vi.fn(), send);
    await expect(taken(api.GET("/v1/status"))).rejects.toMatchObject({ status: 0, passes: true });
  });

  it("takes a page of somebody else's for a problem, too", async () => {
    const { send } = answering(new Response("<html>Bad gateway</html>", { status: 502 }));
    const api = createApi(HERE, tokens(null), vi.fn(), send);
    await expect(taken(api.GET("/v1/status"))).rejects.toMatchObject({ status: 502, passes: true });
  });
});
