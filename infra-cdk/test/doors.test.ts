import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

const DOORS = ["slack-door", "github-door", "api-door"];

for (const stage of STAGES) {
  const app = synthesised(stage);
  const stages = app.resources("AWS::ApiGatewayV2::Stage");

  test(`${stage}: there are these ways in and no others`, () => {
    const names = app.resources("AWS::ApiGatewayV2::Api").map(({ Properties }) => Properties.Name);
    assert.deepEqual(
      names,
      DOORS.map((door) => `dd0c-cost-${stage}-${door}`),
    );
    assert.equal(stages.length, DOORS.length);
    assert.equal(app.resources("AWS::ApiGateway::RestApi").length, 0);
    assert.equal(app.resources("AWS::Lambda::Url").length, 0);
  });

  for (const [nth, door] of DOORS.entries()) {
    const found = stages[nth]?.Properties;

    test(`${stage}: ${door} is throttled and logs requests without what stands in them`, () => {
      const { DefaultRouteSettings, AccessLogSettings, StageName } = found;
      assert.equal(StageName, "$default");
      assert(DefaultRouteSettings.ThrottlingRateLimit > 0);
      assert(DefaultRouteSettings.ThrottlingBurstLimit > 0);
      const format: Record<string, string> = JSON.parse(AccessLogSettings.Format);
      assert.equal(format["route"], "$context.routeKey");
      for (const variable of Object.values(format)) {
        assert.match(variable, /^\$context\.[A-Za-z.]+$/);
        assert(!/path|identity|query|authorizer|body/i.test(variable), variable);
      }
      const log = app.named(
        "AWS::Logs::LogGroup",
        "LogGroupName",
        `/aws/vendedlogs/dd0c-cost-${stage}-${door}`,
      );
      assert.deepEqual(AccessLogSettings.DestinationArn, { "Fn::GetAtt": [log.id, "Arn"] });
      assert(log.Properties.KmsKeyId);
      assert(log.Properties.RetentionInDays <= 90);
    });
  }

  test(`${stage}: whoever a door leads to has as long as the door waits`, () => {
    for (const { stack, Properties } of app.resources("AWS::ApiGatewayV2::Integration")) {
      const behind = app.resolve(stack, Properties.IntegrationUri);
      assert.equal(Properties.TimeoutInMillis, 1000 * behind?.Properties.Timeout);
      assert.equal(Properties.PayloadFormatVersion, "2.0");
    }
  });

  test(`${stage}: only the dashboard's pages may ask from a browser, and only the API`, () => {
    const apis = app.resources("AWS::ApiGatewayV2::Api").map(({ Properties }) => Properties);
    const open = apis.filter(({ CorsConfiguration }) => CorsConfiguration);
    assert.deepEqual(
      open.map(({ Name }) => Name),
      [`dd0c-cost-${stage}-api-door`],
    );
    const cors = open[0].CorsConfiguration;
    assert.deepEqual(cors.AllowOrigins, ["http://127.0.0.1:4180"]);
    assert.equal(cors.AllowCredentials, undefined);
    assert(!JSON.stringify(cors).includes("*"));
  });
}
