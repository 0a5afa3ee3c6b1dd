import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { headersPolicy, securityHeaders } from "../lib/security-headers.ts";
import { type Resource, Synthesised, synthesised } from "./synthesised.ts";

const HEADERS = JSON.parse(
  readFileSync(new URL("../../dashboard/security-headers.json", import.meta.url), "utf8"),
) as Record<string, string>;
const DOMAIN = {
  siteDomain: "cost.example.com",
  siteCertificate: "arn:aws:acm:us-east-1:111122223333:certificate/ours",
};
const webAcl = (name: string) => `arn:aws:wafv2:us-east-1:111122223333:global/webacl/${name}/1`;
const POOL = "https://cognito-idp.us-east-1.amazonaws.com/identity:pool";

for (const stage of ["dev", "prod"] as const) {
  const app = synthesised(stage);
  const bucket = one(app, "AWS::S3::Bucket");
  const distribution = one(app, "AWS::CloudFront::Distribution");
  const config = distribution.Properties.DistributionConfig;
  const behaviors = [config.DefaultCacheBehavior, ...config.CacheBehaviors];

  test(`${stage}: nothing of the dashboard's bucket is public, and nothing of it is lost at once`, () => {
    const { Properties: found } = bucket;
    assert.deepEqual(found.PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [rule, ...others] = found.BucketEncryption.ServerSideEncryptionConfiguration;
    assert.equal(others.length, 0);
    assert.equal(rule.ServerSideEncryptionByDefault.SSEAlgorithm, "AES256");
    assert.equal(found.VersioningConfiguration.Status, "Enabled");
    assert.equal(bucket.DeletionPolicy, stage === "prod" ? "Retain" : "Delete");
    assert.equal(found.WebsiteConfiguration, undefined);
  });

  test(`${stage}: our distribution alone reads the bucket, file by file, and nobody without TLS`, () => {
    const { Properties } = one(app, "AWS::S3::BucketPolicy");
    assert.deepEqual(Properties.Bucket, { Ref: bucket.id });
    const [denied, allowed, ...others] = Properties.PolicyDocument.Statement;
    assert.equal(others.length, 0);
    assert.equal(denied.Effect, "Deny");
    assert.equal(denied.Action, "s3:*");
    assert.deepEqual(denied.Condition, { Bool: { "aws:SecureTransport": "false" } });
    assert.equal(allowed.Effect, "Allow");
    assert.equal(allowed.Action, "s3:GetObject");
    assert.deepEqual(allowed.Principal, { Service: "cloudfront.amazonaws.com" });
    assert.deepEqual(Object.keys(allowed.Condition), ["StringEquals"]);
    assert.equal(
      flat(allowed.Condition.StringEquals["AWS:SourceArn"]),
      `arn:AWS::Partition:cloudfront::AWS::AccountId:distribution/${distribution.id}`,
    );
  });

  test(`${stage}: CloudFront signs what it asks of the bucket, and asks nothing else`, () => {
    const [origin, ...others] = config.Origins;
    assert.equal(others.length, 0);
    assert.deepEqual(origin.DomainName, { "Fn::GetAtt": [bucket.id, "RegionalDomainName"] });
    const control = one(app, "AWS::CloudFront::OriginAccessControl");
    assert.deepEqual(origin.OriginAccessControlId, { "Fn::GetAtt": [control.id, "Id"] });
    assert.equal(origin.S3OriginConfig.OriginAccessIdentity, "");
    const { SigningBehavior, OriginAccessControlOriginType } =
      control.Properties.OriginAccessControlConfig;
    assert.deepEqual([SigningBehavior, OriginAccessControlOriginType], ["always", "s3"]);
    for (const { TargetOriginId } of behaviors) assert.equal(TargetOriginId, origin.Id);
  });

  test(`${stage}: who comes by plain http is sent on; files come compressed, and soon`, () => {
    assert.equal(config.HttpVersion, "http2and3");
    for (const { ViewerProtocolPolicy, Compress, AllowedMethods } of behaviors) {
      assert.equal(ViewerProtocolPolicy, "redirect-to-https");
      assert.equal(Compress, true);
      // GET and HEAD.
      assert.equal(AllowedMethods, undefined);
    }
  });

  test(`${stage}: what has a hash in its name is kept, everything else as it says itself`, () => {
    const [hashed, ...others] = config.CacheBehaviors;
    assert.equal(others.length, 0);
    assert.equal(hashed.PathPattern, "/_next/static/*");
    // The policy CachingOptimized of AWS.
    assert.equal(hashed.CachePolicyId, "658327ea-f89d-4fab-a63d-7e88639e58f6");
    assert.equal(hashed.FunctionAssociations, undefined);
    const policy = one(app, "AWS::CloudFront::CachePolicy");
    assert.deepEqual(config.DefaultCacheBehavior.CachePolicyId, { Ref: policy.id });
    const kept = policy.Properties.CachePolicyConfig;
    // With a minimum above 0 CloudFront would keep a page that says no-cache.
    assert.deepEqual([kept.MinTTL, kept.DefaultTTL], [0, 0]);
    const asked = kept.ParametersInCacheKeyAndForwardedToOrigin;
    assert.equal(asked.EnableAcceptEncodingBrotli && asked.EnableAcceptEncodingGzip, true);
    assert.equal(asked.CookiesConfig.CookieBehavior, "none");
    assert.equal(asked.QueryStringsConfig.QueryStringBehavior, "none");
  });

  test(`${stage}: what is not there is answered by the page for that, with 404`, () => {
    const answers = config.CustomErrorResponses.map(
      ({ ErrorCode, ResponseCode, ResponsePagePath }: Record<string, unknown>) => [
        ErrorCode,
        ResponseCode,
        ResponsePagePath,
      ],
    );
    assert.deepEqual(answers, [
      [403, 404, "/404.html"],
      [404, 404, "/404.html"],
    ]);
  });

  test(`${stage}: every answer has all headers of dashboard/security-headers.json`, () => {
    const policy = one(app, "AWS::CloudFront::ResponseHeadersPolicy");
    for (const { ResponseHeadersPolicyId } of behaviors) {
      assert.deepEqual(ResponseHeadersPolicyId, { Ref: policy.id });
    }
    const connect = `api:api-door ${POOL}/ https://dd0c-cost-${stage}-AWS::AccountId.auth.us-east-1.amazoncognito.com`;
    const wanted = Object.entries(HEADERS).map(([name, value]) => [
      name,
      value.replace("{connect}", connect),
    ]);
    assert.deepEqual(headersOf(policy), Object.fromEntries(wanted));
  });

  test(`${stage}: no script or style stands in a page, and none comes from elsewhere`, () => {
    const policy = headersOf(one(app, "AWS::CloudFront::ResponseHeadersPolicy"));
    const csp = policy["Content-Security-Policy"] ?? "";
    assert(!/unsafe|\*|\{|http:/.test(csp), csp);
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'"]) {
      assert(csp.split("; ").includes(part), part);
    }
  });

  test(`${stage}: config.json tells the pages whom to ask, and nothing else`, () => {
    assert.deepEqual(JSON.parse(outputs(app)["SiteConfig"] ?? ""), {
      apiUrl: "api:api-door",
      issuer: POOL,
      clientId: "identity:dashboard",
      local: false,
    });
  });

  test(`${stage}: who publishes is told where`, () => {
    const { SiteUrl, SiteFrontUrl, SiteBucket, SiteDistributionId } = outputs(app);
    assert.equal(SiteBucket, bucket.id);
    assert.equal(SiteDistributionId, distribution.id);
    assert.equal(SiteFrontUrl, `https://${distribution.id}`);
    assert.equal(SiteUrl, SiteFrontUrl);
    // .github/deploy-role.yaml knows the name.
    assert.equal(flat(bucket.Properties.BucketName), `dd0c-cost-${stage}-site-AWS::AccountId`);
  });

  test(`${stage}: requests are logged, encrypted and not for ever, without who and what for`, () => {
    const source = one(app, "AWS::Logs::DeliverySource");
    const destination = one(app, "AWS::Logs::DeliveryDestination");
    const { Properties: delivery } = one(app, "AWS::Logs::Delivery");
    assert.deepEqual(delivery.DeliverySourceName, { Ref: source.id });
    assert.equal(source.Properties.LogType, "ACCESS_LOGS");
    assert.match(flat(source.Properties.ResourceArn), new RegExp(`/${distribution.id}$`));
    assert.deepEqual(delivery.DeliveryDestinationArn, { "Fn::GetAtt": [destination.id, "Arn"] });
    const log = one(app, "AWS::Logs::LogGroup");
    assert.equal(log.Properties.LogGroupName, `/aws/vendedlogs/dd0c-cost-${stage}-site`);
    assert.deepEqual(destination.Properties.DestinationResourceArn, {
      "Fn::GetAtt": [log.id, "Arn"],
    });
    assert(log.Properties.KmsKeyId);
    assert(log.Properties.RetentionInDays <= 90);
    assert(delivery.RecordFields.includes("sc-status"));
    for (const field of delivery.RecordFields) {
      assert(!/^c-|query|cookie|referer|agent|forwarded/i.test(field), field);
    }
    assert.equal(config.Logging, undefined);
  });

  test(`${stage}: one failure in a hundred answers of the site rings`, () => {
    const alarm = app.named(
      "AWS::CloudWatch::Alarm",
      "AlarmName",
      `dd0c-cost-${stage}-site-failures`,
    ).Properties;
    assert.deepEqual([alarm.MetricName, alarm.Namespace], ["5xxErrorRate", "AWS/CloudFront"]);
    assert.deepEqual([alarm.Threshold, alarm.Statistic, alarm.Period], [1, "Average", 300]);
    const [id, region] = alarm.Dimensions;
    assert.match(JSON.stringify(id), new RegExp(`DistributionId.*Ref${distribution.id}`));
    assert.deepEqual(region, { Name: "Region", Value: "Global" });
    const [dashboard] = app.resources("AWS::CloudWatch::Dashboard");
    assert(JSON.stringify(dashboard).includes('\\"title\\":\\"dashboard: trouble\\"'));
  });

  test(`${stage}: the site comes after what it names, and keeps nobody from another address`, () => {
    const names = siteOf(app).dependencies.map(({ stackName }) => stackName);
    for (const of of ["api", "data", "identity"])
      assert(names.includes(`dd0c-cost-${stage}-${of}`));
    assert(!JSON.stringify(Template.fromStack(siteOf(app)).toJSON()).includes("Fn::ImportValue"));
  });

  test(`${stage}: nobody in it has a right, and nothing in it runs but the function at the edge`, () => {
    for (const type of ["IAM::Role", "IAM::Policy", "Lambda::Function"]) {
      assert.equal(ofSite(app, `AWS::${type}`).length, 0, type);
    }
    const { Properties } = one(app, "AWS::CloudFront::Function");
    assert.equal(Properties.FunctionConfig.Runtime, "cloudfront-js-2.0");
    const [{ EventType }, ...others] = config.DefaultCacheBehavior.FunctionAssociations;
    assert.deepEqual([EventType, others.length], ["viewer-request", 0]);
  });
}

test("test: there is no site, since nothing of an emulator stands at the edge", () => {
  const app = synthesised("test");
  assert.equal(app.resources("AWS::CloudFront::Distribution").length, 0);
  assert.equal(app.resources("AWS::S3::Bucket").length, 0);
});

const FILES: Readonly<Record<string, string>> = {
  "/": "/index.html",
  "/callback": "/callback.html",
  "/dashboard": "/dashboard.html",
  "/dashboard/anomalies": "/dashboard/anomalies.html",
  "/dashboard/settings/billing": "/dashboard/settings/billing.html",
  "/v1.2/page": "/v1.2/page.html",
  "/index.html": "/index.html",
  "/404.html": "/404.html",
  "/config.json": "/config.json",
  "/icon.svg": "/icon.svg",
  "/dashboard/account.txt": "/dashboard/account.txt",
  "/dashboard/__next._tree.txt": "/dashboard/__next._tree.txt",
  "/.well-known/security.txt": "/.well-known/security.txt",
  "/nowhere": "/nowhere.html",
};

for (const [address, file] of Object.entries(FILES)) {
  test(`the address ${address} is the file ${file}`, () => {
    assert.deepEqual(asked(address), { uri: file });
  });
}

const SENT_ON: Readonly<Record<string, string>> = {
  "/dashboard/": "https://cost.example.com/dashboard",
  "/dashboard/settings///": "https://cost.example.com/dashboard/settings",
  "/dashboard/account/?id=1%202&id=3": "https://cost.example.com/dashboard/account?id=1%202&id=3",
  "/callback/?": "https://cost.example.com/callback",
  "//": "https://cost.example.com/",
  // They stay here, whatever a browser would make of the path alone.
  "//example.org/": "https://cost.example.com//example.org",
  "/\\example.org/": "https://cost.example.com/\\example.org",
};

for (const [address, location] of Object.entries(SENT_ON)) {
  test(`who asks for ${address} is sent on to ${location}`, () => {
    const { statusCode, headers } = asked(address) as { statusCode: number; headers: unknown };
    assert.equal(statusCode, 308);
    assert.deepEqual(headers, { location: { value: location } });
    assert.equal(new URL(location).host, "cost.example.com");
  });
}

test("a domain of ours is where people come, with TLS 1.2 and more, and where they come back to", () => {
  const app = new Synthesised("prod", DOMAIN);
  const { DistributionConfig: config } = one(app, "AWS::CloudFront::Distribution").Properties;
  assert.deepEqual(config.Aliases, [DOMAIN.siteDomain]);
  assert.equal(config.ViewerCertificate.AcmCertificateArn, DOMAIN.siteCertificate);
  assert.equal(config.ViewerCertificate.MinimumProtocolVersion, "TLSv1.2_2021");
  assert.equal(config.ViewerCertificate.SslSupportMethod, "sni-only");
  const url = `https://${DOMAIN.siteDomain}`;
  assert.equal(outputs(app)["SiteUrl"], url);
  assert.notEqual(outputs(app)["SiteFrontUrl"], url);
  const [client] = app.resources("AWS::Cognito::UserPoolClient");
  assert.deepEqual(client?.Properties.CallbackURLs, [`${url}/callback`]);
  const { Variables } = app.lambda("dd0c-cost-prod-api").Properties.Environment;
  assert.equal(Variables.DASHBOARD_URL, url);
  const door = app.named("AWS::ApiGatewayV2::Api", "Name", "dd0c-cost-prod-api-door");
  assert.deepEqual(door.Properties.CorsConfiguration.AllowOrigins, [url]);
});

test("a domain without a certificate of us-east-1, or that is more than a name, is refused", () => {
  const { siteDomain, siteCertificate } = DOMAIN;
  const wrong: [Record<string, string>, RegExp][] = [
    [{ siteDomain }, /siteDomain and siteCertificate go together/],
    [{ siteCertificate }, /siteDomain and siteCertificate go together/],
    [{ siteDomain: "https://cost.example.com", siteCertificate }, /name of a host alone/],
    [{ siteDomain, siteCertificate: "arn:aws:acm:eu-west-1:1:certificate/1" }, /in us-east-1/],
  ];
  for (const [context, says] of wrong) {
    assert.throws(() => new Synthesised("dev", context), says);
  }
});

test("a web ACL of the API is not put before the site, nor the other way round", () => {
  const acl = (app: Synthesised, of: string) =>
    app
      .resources("AWS::CloudFront::Distribution")
      .filter(({ stack }) => stack === of)
      .map(({ Properties }) => Properties.DistributionConfig.WebACLId as unknown);
  const [before, api] = [webAcl("site"), webAcl("api")];
  const site = new Synthesised("prod", { siteWebAclArn: before });
  assert.deepEqual([acl(site, "site"), acl(site, "api")], [[before], []]);
  const door = new Synthesised("prod", { webAclArn: api });
  assert.deepEqual([acl(door, "site"), acl(door, "api")], [[undefined], [api]]);
});

test("pages ask the API where it is found: by a domain of ours, or before it by CloudFront", () => {
  const told = (context: object) => {
    const app = new Synthesised("prod", { ...context });
    const { apiUrl } = JSON.parse(outputs(app)["SiteConfig"] ?? "") as { apiUrl: string };
    const csp = headersOf(one(app, "AWS::CloudFront::ResponseHeadersPolicy"));
    assert(csp["Content-Security-Policy"]?.includes(` ${apiUrl} `));
    return apiUrl;
  };
  assert.equal(told({ apiUrl: "https://api.example.com" }), "https://api.example.com");
  assert.match(told({ webAclArn: webAcl("api") }), /^https:\/\/api:front/);
});

test("prod refuses a dashboard that is not built, or not wholly; dev warns", () => {
  const notBuilt = Match.stringLikeRegexp("The dashboard is not built: .* has no .*html");
  const siteDir = mkdtempSync(join(tmpdir(), "dd0c-cost-site-"));
  const findings = (stage: "dev" | "prod", context: object) => {
    const annotations = Annotations.fromStack(siteOf(new Synthesised(stage, { ...context })));
    return [annotations.findError("*", notBuilt), annotations.findWarning("*", notBuilt)].map(
      ({ length }) => length,
    );
  };
  try {
    assert.deepEqual(findings("prod", { allowStubs: "false" }), [1, 0]);
    assert.deepEqual(findings("prod", { allowStubs: "true" }), [0, 1]);
    assert.deepEqual(findings("dev", { allowStubs: "false" }), [0, 1]);
    for (const page of ["index", "404"]) writeFileSync(join(siteDir, `${page}.html`), page);
    mkdirSync(join(siteDir, "_next/static"), { recursive: true });
    assert.deepEqual(findings("prod", { allowStubs: "false", siteDir }), [1, 0]);
    writeFileSync(join(siteDir, "callback.html"), "callback");
    assert.deepEqual(findings("prod", { allowStubs: "false", siteDir }), [0, 0]);
  } finally {
    rmSync(siteDir, { recursive: true });
  }
});

test("a header in a form that CloudFront does not know is refused by name", () => {
  const wrong = {
    "Strict-Transport-Security": "max-age=forever",
    "X-Frame-Options": "ALLOWALL",
    "X-Content-Type-Options": "sniff",
    "Referrer-Policy": "everybody",
  };
  for (const [name, value] of Object.entries(wrong)) {
    assert.throws(() => headersPolicy({ [name]: value }), new RegExp(`${name} cannot be ${value}`));
  }
  assert.doesNotThrow(() => headersPolicy(securityHeaders(["https://api.example.com"])));
});

function siteOf({ stacks }: Synthesised) {
  if ("site" in stacks) return stacks.site;
  throw new Error("there is no site");
}

function ofSite(app: Synthesised, type: string): Resource[] {
  return app.resources(type).filter(({ stack }) => stack === "site");
}

function one(app: Synthesised, type: string): Resource {
  const [found, ...others] = ofSite(app, type);
  assert(found && others.length === 0, type);
  return found;
}

function outputs(app: Synthesised): Record<string, string> {
  const all: Record<string, { Value: unknown }> = Template.fromStack(siteOf(app)).toJSON().Outputs;
  return Object.fromEntries(Object.entries(all).map(([name, { Value }]) => [name, flat(Value)]));
}

/** A value as one text; of what is known only after a deployment, what it is of. */
function flat(value: unknown): string {
  if (typeof value === "string") return value;
  const { Ref, ...rest } = value as Record<string, any>;
  if (Ref) return Ref;
  if (rest["Fn::Join"]) return rest["Fn::Join"][1].map(flat).join("");
  if (rest["Fn::GetAtt"]) return rest["Fn::GetAtt"][0];
  const { StackName, OutputName } = rest["Fn::GetStackOutput"];
  const stack = StackName.split("-").at(-1);
  const known = ["apidoor", "front", "pool", "dashboard"].find((name) => OutputName.includes(name));
  return `${stack}:${known === "apidoor" ? "api-door" : known}`;
}

/** The headers of a policy of CloudFront, as browsers get them. */
function headersOf({ Properties }: Resource): Record<string, string> {
  const { SecurityHeadersConfig: named, CustomHeadersConfig: others } =
    Properties.ResponseHeadersPolicyConfig;
  const all = [...Object.values<any>(named), ...others.Items];
  for (const { Override } of all) assert.equal(Override, true);
  const { AccessControlMaxAgeSec, IncludeSubdomains, Preload } = named.StrictTransportSecurity;
  const custom = others.Items.map(({ Header, Value }: Record<string, string>) => [Header, Value]);
  assert(named.ContentTypeOptions);
  return {
    ...(Object.fromEntries(custom) as Record<string, string>),
    "Content-Security-Policy": flat(named.ContentSecurityPolicy.ContentSecurityPolicy),
    "Referrer-Policy": named.ReferrerPolicy.ReferrerPolicy,
    "Strict-Transport-Security": `max-age=${AccessControlMaxAgeSec}${IncludeSubdomains ? "; includeSubDomains" : ""}${Preload ? "; preload" : ""}`,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": named.FrameOptions.FrameOption,
  };
}

/** What the function at the edge makes of a request for this address, as it stands in the template. */
function asked(address: string): unknown {
  const code = one(synthesised("prod"), "AWS::CloudFront::Function").Properties.FunctionCode;
  const [uri, query] = address.split("?");
  const request = {
    uri,
    headers: { host: { value: "cost.example.com" } },
    rawQueryString: () => query,
  };
  const answer = runInNewContext(`${code}; JSON.stringify(handler({ request }))`, { request });
  const { headers, ...rest } = JSON.parse(answer as string) as Record<string, unknown>;
  return "statusCode" in rest ? { ...rest, headers } : rest;
}
