/** Where the template of a quick-create link can be read; `undefined` if it does not say. */
export function templateOf(quickCreateUrl: string): string | undefined {
  const [, query] = quickCreateUrl.split("#")[1]?.split("?") ?? [];
  const address = new URLSearchParams(query).get("templateURL");
  return address && /^https?:\/\//.test(address) ? address : undefined;
}

/** What a role that is made by hand must say about who may use it. */
export function trustPolicy(ourAccount: string, externalId: string): string {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ourAccount}:root` },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);
}
