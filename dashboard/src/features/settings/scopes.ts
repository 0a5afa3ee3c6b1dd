import { type components } from "@/api/schema";

/** What a key may open. */
export type Scope = components["schemas"]["Scope"];

/** Each of them, in words. */
export const SCOPES: readonly { readonly scope: Scope; readonly opens: string }[] = [
  { scope: "anomalies:read", opens: "Read what was unusual, with its score and its commands" },
  { scope: "anomalies:write", opens: "Answer it: expected, not expected, snooze" },
  { scope: "zombies:read", opens: "Read what costs money and does nothing" },
  { scope: "spend:read", opens: "Read what runs and what it costs an hour" },
];

const ROUTES: Record<Scope, string> = {
  "anomalies:read": "/v1/anomalies",
  "zombies:read": "/v1/zombies",
  "spend:read": "/v1/spend",
  "anomalies:write": "/v1/anomalies/ANOMALY_ID/confirm",
};

/** A request by which somebody sees that his key works. */
export function exampleOf(base: string, key: string, scopes: readonly Scope[]): string {
  const reads = SCOPES.find(({ scope }) => scope !== "anomalies:write" && scopes.includes(scope));
  const scope = reads?.scope ?? "anomalies:write";
  const method = reads ? "" : " --request POST";
  return `curl --fail-with-body${method} \\\n  --header "Authorization: Bearer ${key}" \\\n  ${base}${ROUTES[scope]}`;
}
