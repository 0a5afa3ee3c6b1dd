import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

const ROUTES = {
  "DELETE /v1/{proxy+}": "api",
  "GET /v1/{proxy+}": "api",
  "PATCH /v1/{proxy+}": "api",
  "POST /stripe/webhook": "stripe-webhook",
  "POST /v1/{proxy+}": "api",
  "PUT /v1/{proxy+}": "api",
};
const WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/ours/1";

for (const stage of STAGES) {
  const app = synthesised(stage);
  const ofApi = (type: string) => app.resources(type).filter(({ stack }) => stack === "api");

  test(`${stage}: the API has these routes and no others, to api and to stripe-webhook`, () => {
    const integrations = ofApi("AWS::ApiGatewayV2::Integration");
    const routes = ofApi("AWS::ApiGatewayV2::Route").map(({ Properties }) => {
      const target = JSON.stringify(Properties.Target);
      const integration = integrations.find(({ id }) => target.includes(id));
      const behind = app.resolve("api", integration?.Properties.IntegrationUri);
      return [Properties.RouteKey, behind?.Properties.FunctionName];
    });
    const wanted = Object.entries(ROUTES).map(([route, name]) => [
      route,
      `dd0c-cost-${stage}-${name}`,
    ]);
    assert.deepEqual(routes.sort(), wanted);
    assert.equal(ofApi("AWS::Lambda::Permission").length, wanted.length);
  });

  test(`${stage}: Stripe gets fewer requests a second than everybody together`, () => {
    const [found] = ofApi("AWS::ApiGatewayV2::Stage");
    const { DefaultRouteSettings: all, RouteSettings } = found?.Properties;
    assert.deepEqual(Object.keys(RouteSettings), ["POST /stripe/webhook"]);
    const webhook = RouteSettings["POST /stripe/webhook"];
    assert(webhook.ThrottlingRateLimit < all.ThrottlingRateLimit);
    assert(webhook.ThrottlingBurstLimit < all.ThrottlingBurstLimit);
    const [route] = ofApi("AWS::ApiGatewayV2::Route").filter(
      ({ Properties }) => Properties.RouteKey === "POST /stripe/webhook",
    );
    assert((found as unknown as { DependsOn: string[] }).DependsOn.includes(route?.id ?? ""));
  });

  test(`${stage}: what is about money is done one by one, and outlives hours without Stripe`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-billing-queue`);
    const dlq = app.queue(`dd0c-cost-${stage}-billing-queue-dlq`);
    const { RedrivePolicy } = queue.Properties;
    assert.deepEqual(RedrivePolicy.deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
    assert(RedrivePolicy.maxReceiveCount >= 30);
    const source = app
      .resources("AWS::Lambda::EventSourceMapping")
      .find(({ Properties }) => Properties.EventSourceArn["Fn::GetAtt"]?.[0] === queue.id);
    const worker = app.lambda(`dd0c-cost-${stage}-billing-worker`);
    assert.deepEqual(source?.Properties.FunctionName, { Ref: worker.id });
    assert.equal(source?.Properties.BatchSize, 1);
    assert.deepEqual(source?.Properties.FunctionResponseTypes, ["ReportBatchItemFailures"]);
  });

  test(`${stage}: the API knows whom to believe, and what to hand to customers`, () => {
    const { Variables: found } = app.lambda(`dd0c-cost-${stage}-api`).Properties.Environment;
    const [pool] = app.resources("AWS::Cognito::UserPool");
    assert.match(
      JSON.stringify(found.ISSUER_URL),
      /https:\/\/cognito-idp\.us-east-1\.amazonaws\.com/,
    );
    assert(JSON.stringify(found.ISSUER_URL).includes(`ExportsOutputRef${pool?.id}`));
    assert.deepEqual(found.OUR_ACCOUNT_ID, { Ref: "AWS::AccountId" });
    assert.equal(app.resolve("api", found.BUS_ARN)?.Type, "AWS::Events::EventBus");
    assert.equal(
      found.TEMPLATE_URL,
      "https://dd0c-cf-templates.s3.amazonaws.com/dd0c-cost-readonly.yaml",
    );
    assert.equal(found.DASHBOARD_URL, "http://127.0.0.1:4180");
  });

  test(`${stage}: nothing stands before the API unless a web ACL is named`, () => {
    assert.equal(ofApi("AWS::CloudFront::Distribution").length, 0);
  });
}

test("with a web ACL, CloudFront stands before the API, passes on everything and keeps nothing", () => {
  const app = new Synthesised("prod", { webAclArn: WEB_ACL });
  const [front, ...others] = app
    .resources("AWS::CloudFront::Distribution")
    .filter(({ stack }) => stack === "api");
  assert.equal(others.length, 0);
  const {
    DefaultCacheBehavior: behavior,
    WebACLId,
    Origins,
  } = front?.Properties.DistributionConfig;
  assert.equal(WebACLId, WEB_ACL);
  assert.equal(behavior.ViewerProtocolPolicy, "https-only");
  assert(behavior.AllowedMethods.includes("PATCH"));
  // The policies CachingDisabled and AllViewerExceptHostHeader of AWS.
  assert.equal(behavior.CachePolicyId, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
  assert.equal(behavior.OriginRequestPolicyId, "b689b0a8-53d0-40ab-baf2-68738e2966ac");
  const [api] = app
    .resources("AWS::ApiGatewayV2::Api")
    .filter(({ Properties }) => Properties.Name === "dd0c-cost-prod-api-door");
  assert(JSON.stringify(Origins[0].DomainName).includes(`"Ref":"${api?.id}"`));
});

test("a dashboard and a template of ours take the place of the usual ones", () => {
  const dashboardUrl = "https://cost.example";
  const templateUrl = "https://templates.example/ours.yaml";
  const app = new Synthesised("prod", { dashboardUrl, templateUrl });
  const { Variables } = app.lambda("dd0c-cost-prod-api").Properties.Environment;
  assert.deepEqual([Variables.DASHBOARD_URL, Variables.TEMPLATE_URL], [dashboardUrl, templateUrl]);
  const cors = app
    .resources("AWS::ApiGatewayV2::Api")
    .flatMap(({ Properties }) => Properties.CorsConfiguration ?? []);
  assert.deepEqual(
    cors.map(({ AllowOrigins }) => AllowOrigins),
    [[dashboardUrl]],
  );
});
