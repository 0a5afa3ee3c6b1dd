import assert from "node:assert/strict";
import { test } from "node:test";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

const ROUTES = [
  "GET /.well-known/openid-configuration",
  "GET /authorize",
  "GET /callback",
  "GET /jwks",
  "GET /userinfo",
  "POST /token",
];
const GOOGLE = "1.apps.googleusercontent.com";

for (const stage of STAGES) {
  const app = synthesised(stage);
  const one = (type: string) => {
    const found = app.resources(type).filter(({ stack }) => stack === "identity");
    assert.equal(found.length, 1, type);
    return found[0]?.Properties;
  };

  test(`${stage}: the dashboard gets a code, no secret, and tokens that end`, () => {
    const client = one("AWS::Cognito::UserPoolClient");
    assert.equal(client.GenerateSecret, false);
    assert.deepEqual(client.AllowedOAuthFlows, ["code"]);
    assert.deepEqual(client.AllowedOAuthScopes, ["openid", "email", "profile"]);
    assert.deepEqual(client.CallbackURLs, ["http://127.0.0.1:4180/callback"]);
    assert.deepEqual(client.LogoutURLs, ["http://127.0.0.1:4180/"]);
    assert.equal(client.TokenValidityUnits.AccessToken, "minutes");
    assert.deepEqual([client.AccessTokenValidity, client.IdTokenValidity], [60, 60]);
    assert.equal(client.RefreshTokenValidity, 30 * 24 * 60);
    assert.equal(client.EnableTokenRevocation, true);
    assert.equal(client.PreventUserExistenceErrors, "ENABLED");
  });

  test(`${stage}: only prod refuses to forget its people`, () => {
    const [pool] = app.resources("AWS::Cognito::UserPool");
    assert.equal(pool?.Properties.DeletionProtection, stage === "prod" ? "ACTIVE" : "INACTIVE");
    assert.equal(pool?.DeletionPolicy, stage === "prod" ? "Retain" : "Delete");
  });

  test(`${stage}: the issuer before GitHub has these routes and no others, all to github-oidc`, () => {
    const routes = app
      .resources("AWS::ApiGatewayV2::Route")
      .filter(({ stack }) => stack === "identity");
    assert.deepEqual(routes.map(({ Properties }) => Properties.RouteKey).sort(), ROUTES);
    const behind = app.resolve("identity", one("AWS::ApiGatewayV2::Integration").IntegrationUri);
    assert.equal(behind?.Properties.FunctionName, `dd0c-cost-${stage}-github-oidc`);
    const { Variables } = behind?.Properties.Environment;
    assert.deepEqual(Variables.ISSUER_URL, { "Fn::GetAtt": [api(app), "ApiEndpoint"] });
  });

  test(`${stage}: with the key of identities nobody signs but github-oidc, whatever else he may`, () => {
    const key = one("AWS::KMS::Key");
    assert.deepEqual([key.KeySpec, key.KeyUsage], ["RSA_2048", "SIGN_VERIFY"]);
    const [, denied, ...others] = key.KeyPolicy.Statement;
    assert.equal(others.length, 0);
    const { Role } = app.lambda(`dd0c-cost-${stage}-github-oidc`).Properties;
    assert.deepEqual(denied, {
      Sid: "NobodyElseSigns",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "kms:Sign",
      Resource: "*",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": Role } },
    });
  });
}

for (const stage of ["dev", "prod"] as const) {
  const app = synthesised(stage);

  test(`${stage}: people sign in by GitHub, and by no password`, () => {
    const [pool] = app.resources("AWS::Cognito::UserPool");
    assert.equal(pool?.Properties.AdminCreateUserConfig.AllowAdminCreateUserOnly, true);
    const [client] = app.resources("AWS::Cognito::UserPoolClient");
    const [github, ...others] = app.resources("AWS::Cognito::UserPoolIdentityProvider");
    assert.equal(others.length, 0);
    assert.deepEqual(client?.Properties.SupportedIdentityProviders, [{ Ref: github?.id }]);
    assert.deepEqual(client?.Properties.ExplicitAuthFlows, ["ALLOW_REFRESH_TOKEN_AUTH"]);
    assert(!Object.values(app.written()).join().includes("USER_PASSWORD_AUTH"));
  });

  test(`${stage}: Cognito is told where the issuer is, so that it asks nobody while it is deployed`, () => {
    const [github] = app.resources("AWS::Cognito::UserPoolIdentityProvider");
    const { ProviderDetails: told, AttributeMapping } = github?.Properties;
    const endpoint = { "Fn::GetAtt": [api(app), "ApiEndpoint"] };
    assert.deepEqual(told.oidc_issuer, endpoint);
    const paths = {
      authorize_url: "/authorize",
      token_url: "/token",
      attributes_url: "/userinfo",
      jwks_uri: "/jwks",
    };
    for (const [name, path] of Object.entries(paths)) {
      assert.deepEqual(told[name], { "Fn::Join": ["", [endpoint, path]] });
      assert(ROUTES.some((route) => route.endsWith(` ${path}`)));
    }
    assert.deepEqual(AttributeMapping, {
      email: "email",
      email_verified: "email_verified",
      name: "name",
    });
  });

  test(`${stage}: secrets of providers stand in no template`, () => {
    const [github] = new Synthesised(stage, { googleClientId: GOOGLE })
      .resources("AWS::Cognito::UserPoolIdentityProvider")
      .map(({ Properties }) => Properties.ProviderDetails.client_secret);
    assert.equal(
      github,
      `{{resolve:secretsmanager:dd0c-cost-${stage}-github:SecretString:client_secret::}}`,
    );
  });

  test(`${stage}: by Google too, where it is configured`, () => {
    const configured = new Synthesised(stage, { googleClientId: GOOGLE });
    const [, google] = configured.resources("AWS::Cognito::UserPoolIdentityProvider");
    assert.equal(google?.Properties.ProviderType, "Google");
    assert.equal(google?.Properties.ProviderDetails.client_id, GOOGLE);
    assert.equal(
      google?.Properties.ProviderDetails.client_secret,
      `{{resolve:secretsmanager:dd0c-cost-${stage}-google:SecretString:client_secret::}}`,
    );
    const [client] = configured.resources("AWS::Cognito::UserPoolClient");
    assert.equal(client?.Properties.SupportedIdentityProviders.length, 2);
  });
}

test("test: people sign up with a password, since an emulator has no providers", () => {
  const app = new Synthesised("test", { googleClientId: GOOGLE });
  assert.equal(app.resources("AWS::Cognito::UserPoolIdentityProvider").length, 0);
  const [pool] = app.resources("AWS::Cognito::UserPool");
  assert.equal(pool?.Properties.AdminCreateUserConfig.AllowAdminCreateUserOnly, false);
  const [client] = app.resources("AWS::Cognito::UserPoolClient");
  assert.deepEqual(client?.Properties.SupportedIdentityProviders, ["COGNITO"]);
  assert.deepEqual(client?.Properties.ExplicitAuthFlows, [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
  ]);
});

test("people come back to the dashboard that the context names; prod warns if it names none", () => {
  const dashboardUrl = "https://cost.example";
  const warnings = (app: Synthesised) =>
    Annotations.fromStack(app.stacks.identity).findWarning(
      "*",
      Match.stringLikeRegexp("Pass -c dashboardUrl"),
    ).length;
  const app = new Synthesised("prod", { dashboardUrl });
  const [client] = app.resources("AWS::Cognito::UserPoolClient");
  assert.deepEqual(client?.Properties.CallbackURLs, [`${dashboardUrl}/callback`]);
  assert.deepEqual(client?.Properties.LogoutURLs, [`${dashboardUrl}/`]);
  assert.deepEqual([warnings(app), warnings(synthesised("prod"))], [0, 1]);
});

function api(app: Synthesised): string {
  const [found] = app
    .resources("AWS::ApiGatewayV2::Api")
    .filter(({ stack }) => stack === "identity");
  return found?.id ?? "";
}
