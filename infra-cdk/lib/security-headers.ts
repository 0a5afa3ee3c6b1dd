// The headers of every answer to a browser, from dashboard/security-headers.json, as CloudFront wants
// them: it takes some only by a name of its own, and all others as they are.

import { readFileSync } from "node:fs";
import { Duration } from "aws-cdk-lib";
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseHeadersPolicyProps,
  type ResponseSecurityHeadersBehavior,
} from "aws-cdk-lib/aws-cloudfront";

const FILE = new URL("../../dashboard/security-headers.json", import.meta.url);

type Behavior = ResponseSecurityHeadersBehavior;
type Headers = Readonly<Record<string, string>>;

/** Whatever a file in the bucket says of itself. */
const override = true;

/** Those that CloudFront takes only by a name of its own. */
const BY_NAME: Readonly<Record<string, (value: string) => Behavior>> = {
  "Content-Security-Policy": (contentSecurityPolicy) => ({
    contentSecurityPolicy: { contentSecurityPolicy, override },
  }),
  "Referrer-Policy": (value) => ({
    referrerPolicy: {
      referrerPolicy: known("Referrer-Policy", value, Object.values(HeadersReferrerPolicy)),
      override,
    },
  }),
  "Strict-Transport-Security": (value) => ({
    strictTransportSecurity: { ...transportSecurity(value), override },
  }),
  "X-Content-Type-Options": (value) => {
    known("X-Content-Type-Options", value, ["nosniff"]);
    return { contentTypeOptions: { override } };
  },
  "X-Frame-Options": (value) => ({
    frameOptions: {
      frameOption: known("X-Frame-Options", value, Object.values(HeadersFrameOption)),
      override,
    },
  }),
};

/** The headers, with the addresses that a page may ask beside its own. */
export function securityHeaders(connect: readonly string[], file: URL = FILE): Headers {
  const written = JSON.parse(readFileSync(file, "utf8")) as Headers;
  const filled = Object.entries(written).map(([name, value]) => [
    name,
    value.replace("{connect}", connect.join(" ")),
  ]);
  return Object.fromEntries(filled) as Headers;
}

/** The same for a policy of CloudFront. */
export function headersPolicy(headers: Headers): ResponseHeadersPolicyProps {
  const all = Object.entries(headers);
  const behaviors = all.map(([name, value]) => BY_NAME[name]?.(value) ?? {});
  const customHeaders = all
    .filter(([name]) => !BY_NAME[name])
    .map(([header, value]) => ({ header, value, override }));
  return {
    securityHeadersBehavior: Object.assign({}, ...behaviors) as Behavior,
    customHeadersBehavior: { customHeaders },
  };
}

function transportSecurity(value: string) {
  const [, seconds, includeSubdomains, preload] =
    /^max-age=(\d+)(; includeSubDomains)?(; preload)?$/.exec(value) ?? [];
  if (!seconds) throw new Error(`Strict-Transport-Security cannot be ${value}: ${BY_CLOUDFRONT}`);
  return {
    accessControlMaxAge: Duration.seconds(Number(seconds)),
    includeSubdomains: includeSubdomains !== undefined,
    preload: preload !== undefined,
  };
}

const BY_CLOUDFRONT = "CloudFront sets this header only in forms that it knows.";

function known<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found) return found;
  throw new Error(`${name} cannot be ${value}: ${BY_CLOUDFRONT} They are ${allowed.join(", ")}.`);
}
