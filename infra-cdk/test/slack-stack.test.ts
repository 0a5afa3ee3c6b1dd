import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

const ROUTES = [
  "GET /slack/install",
  "GET /slack/oauth_redirect",
  "POST /slack/actions",
  "POST /slack/commands",
  "POST /slack/events",
];
/** Slack takes answers for half an hour. */
const WORTH_SECONDS = 30 * 60;

for (const stage of STAGES) {
  const app = synthesised(stage);
  const door = app.lambda(`dd0c-cost-${stage}-slack-app`);
  const ofSlack = (type: string) => app.resources(type).filter(({ stack }) => stack === "slack");

  test(`${stage}: the door has five routes, all to slack-app in the second form of the payload`, () => {
    const routes = ofSlack("AWS::ApiGatewayV2::Route");
    assert.deepEqual(routes.map(({ Properties }) => Properties.RouteKey).sort(), ROUTES);
    const [integration, ...others] = ofSlack("AWS::ApiGatewayV2::Integration");
    assert(integration);
    assert.equal(others.length, 0);
    for (const { Properties } of routes) {
      assert(JSON.stringify(Properties.Target).includes(integration.id), Properties.RouteKey);
    }
    const { Properties: found } = integration;
    assert.equal(found.PayloadFormatVersion, "2.0");
    assert.deepEqual(found.IntegrationUri, { "Fn::GetAtt": [door.id, "Arn"] });
    assert.equal(found.TimeoutInMillis, 1000 * door.Properties.Timeout);
  });

  test(`${stage}: the API may call slack-app by these routes and no others`, () => {
    const permissions = ofSlack("AWS::Lambda::Permission").filter(
      ({ Properties }) => Properties.Principal === "apigateway.amazonaws.com",
    );
    assert.equal(permissions.length, ROUTES.length);
    for (const { Properties } of permissions) {
      assert.match(JSON.stringify(Properties.SourceArn), /\/\*\/\*\/slack\/[a-z_]+"/);
      assert.deepEqual(Properties.FunctionName, { "Fn::GetAtt": [door.id, "Arn"] });
    }
  });

  test(`${stage}: people come back to where the door is`, () => {
    const api = ofSlack("AWS::ApiGatewayV2::Api").map(({ id }) => id);
    assert.equal(api.length, 1);
    // Where people go on to from an installation.
    assert.equal(door.Properties.Environment.Variables.DASHBOARD_URL, "http://127.0.0.1:4180");
    assert.deepEqual(door.Properties.Environment.Variables.PUBLIC_URL, {
      "Fn::GetAtt": [api[0], "ApiEndpoint"],
    });
  });

  test(`${stage}: a question is tried for as long as somebody waits for its answer`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-question-queue`).Properties;
    const dlq = app.queue(`dd0c-cost-${stage}-question-queue-dlq`);
    assert.equal(queue.FifoQueue, undefined);
    assert.deepEqual(queue.RedrivePolicy.deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
    const receives: number = queue.RedrivePolicy.maxReceiveCount;
    assert(hiddenSeconds(receives) <= WORTH_SECONDS);
    assert(hiddenSeconds(receives + 1) > WORTH_SECONDS);
  });

  test(`${stage}: no question waits for another, and only what failed comes back`, () => {
    const queue = app.queue(`dd0c-cost-${stage}-question-queue`).id;
    const source = app
      .resources("AWS::Lambda::EventSourceMapping")
      .find(({ Properties }) => Properties.EventSourceArn["Fn::GetAtt"]?.[0] === queue);
    assert.equal(source?.Properties.BatchSize, 1);
    assert.deepEqual(source?.Properties.FunctionResponseTypes, ["ReportBatchItemFailures"]);
    assert(source?.Properties.ScalingConfig.MaximumConcurrency >= 2);
  });
}

test("the manifest of the app at Slack names the routes of the door", () => {
  const manifest = readFileSync(new URL("../slack-app-manifest.yaml", import.meta.url), "utf8");
  const named = [...manifest.matchAll(/https:\/\/HOST(\/[a-z_/]+)$/gm)].map(([, path]) => path);
  const calledBySlack = ROUTES.map((route) => route.split(" ")[1]).filter(
    (path) => path !== "/slack/install",
  );
  assert.deepEqual(named.sort(), calledBySlack.sort());
});

/** How long a message that fails each time is hidden before its last receive. */
function hiddenSeconds(receives: number): number {
  const waits = Array.from({ length: receives - 1 }, (_, nth) => Math.min(5 * 2 ** nth, 900));
  return waits.reduce((sum, wait) => sum + wait);
}
