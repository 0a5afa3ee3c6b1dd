// Who a person is: a user pool that asks GitHub and Google, and the function that lets GitHub speak as
// an issuer which the pool understands.

import { Annotations, CfnOutput, Duration } from "aws-cdk-lib";
import { HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import {
  AccountRecovery,
  OAuthScope,
  ProviderAttribute,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
  UserPoolIdentityProviderGoogle,
  UserPoolIdentityProviderOidc,
} from "aws-cdk-lib/aws-cognito";
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { type DoorRoute, HttpDoor } from "./constructs/http-door.ts";
import { RustFunction, type Surroundings } from "./constructs/rust-function.ts";
import { GITHUB_CLIENT, secretField, signInPrefix } from "./sign-in.ts";
import { StageStack } from "./stage-stack.ts";
import { nameIn, type Stage } from "./stages.ts";

/** What the issuer answers, by what it is asked for. */
const PATHS = {
  discovery: "/.well-known/openid-configuration",
  keys: "/jwks",
  authorize: "/authorize",
  callback: "/callback",
  token: "/token",
  userInfo: "/userinfo",
} as const;

const PUBLIC = "What everybody may know about the issuer.";
const ROUTES: readonly DoorRoute[] = [
  { method: HttpMethod.GET, path: PATHS.discovery, checkedBy: PUBLIC },
  { method: HttpMethod.GET, path: PATHS.keys, checkedBy: PUBLIC },
  {
    method: HttpMethod.GET,
    path: PATHS.authorize,
    checkedBy: "A browser comes without a right; the function checks where it wants to go back to.",
  },
  {
    method: HttpMethod.GET,
    path: PATHS.callback,
    checkedBy: "The state that the function gave out, once, lets a person back from GitHub.",
  },
  {
    method: HttpMethod.POST,
    path: PATHS.token,
    checkedBy: "Cognito names its secret; the function checks it.",
  },
  {
    method: HttpMethod.GET,
    path: PATHS.userInfo,
    checkedBy: "Cognito brings a token that the function issued and checks.",
  },
];

/** GitHub is asked twice on the way; Cognito gives up after some seconds itself. */
const TIMEOUT = Duration.seconds(15);
const SCOPES = ["openid", "email", "profile"];

export class IdentityStack extends StageStack {
  /** Who issues the tokens of people. */
  readonly issuerUrl: string;
  /** The dashboard, as the issuer knows it. */
  readonly clientId: string;

  constructor(scope: Construct, props: Surroundings) {
    super(scope, "identity", props.stage);
    const { stage } = props;
    const door = this.github(props);
    const pool = this.pool(stage);
    const domain = new UserPoolDomain(this, "domain", {
      userPool: pool,
      cognitoDomain: { domainPrefix: signInPrefix(stage, this.account) },
    });
    if (stage.name === "prod" && stage.dashboardUrl.startsWith("http:")) {
      Annotations.of(this).addWarningV2(
        "dd0c-cost:dashboard",
        `People who have signed in are sent to ${stage.dashboardUrl}. Pass -c dashboardUrl=https://….`,
      );
    }
    const client = this.client(stage, pool, this.providers(stage, pool, door.url));
    // Its attribute ProviderURL says the same, but no emulator knows it.
    this.issuerUrl = `https://cognito-idp.${stage.region}.amazonaws.com/${pool.userPoolId}`;
    this.clientId = client.userPoolClientId;

    new CfnOutput(this, "UserPoolId", { value: pool.userPoolId });
    new CfnOutput(this, "ClientId", { value: this.clientId });
    new CfnOutput(this, "IssuerUrl", { value: this.issuerUrl });
    new CfnOutput(this, "SignInUrl", { value: domain.baseUrl() });
    new CfnOutput(this, "GithubIssuerUrl", { value: door.url });
    new CfnOutput(this, "GithubCallbackUrl", { value: `${door.url}${PATHS.callback}` });
  }

  private github(props: Surroundings): HttpDoor {
    const { stage } = props;
    const door = new HttpDoor(this, "github-door", {
      ...props,
      description: "GitHub as an issuer of identities that Cognito understands",
      // People sign in now and then.
      throttle: { rateLimit: 20, burstLimit: 40 },
    });
    const key = new Key(this, "signing-key", {
      alias: nameIn(stage, "github-signing"),
      description: "Signs what dd0c/cost tells Cognito about people from GitHub",
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: stage.removal,
    });
    const github = new RustFunction(this, "github-oidc", {
      ...props,
      description: "Lets people of GitHub sign in: an issuer of OpenID Connect in front of it",
      memoryMb: 256,
      timeout: TIMEOUT,
      reservedConcurrency: 5,
      signsWith: key,
      values: { ISSUER_URL: door.url },
    });
    onlyItSigns(key, github.role);
    door.leadsTo(github.function, TIMEOUT, ROUTES);
    return door;
  }

  private pool(stage: Stage): UserPool {
    const pool = new UserPool(this, "pool", {
      userPoolName: nameIn(stage, "people"),
      // People come from GitHub and Google; nobody has a password with us but in stage test.
      selfSignUpEnabled: stage.passwords,
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.NONE,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.removal,
    });
    acknowledge(
      pool,
      "AwsSolutions-COG2",
      "People sign in at GitHub or Google, which ask for a second factor; outside of stage test the pool has no password to add one to.",
    );
    acknowledge(
      pool,
      "AwsSolutions-COG8",
      "What the Plus plan watches are passwords of the pool's own, and outside of stage test it has none.",
    );
    return pool;
  }

  private providers(stage: Stage, pool: UserPool, issuerUrl: string) {
    if (stage.passwords) return [UserPoolClientIdentityProvider.COGNITO];
    const github = new UserPoolIdentityProviderOidc(this, "github", {
      userPool: pool,
      name: "GitHub",
      clientId: GITHUB_CLIENT,
      clientSecret: secretField(stage, "github", "client_secret").unsafeUnwrap(),
      issuerUrl,
      scopes: SCOPES,
      // Named one by one: else Cognito asks the issuer for them while it is being deployed.
      endpoints: {
        authorization: `${issuerUrl}${PATHS.authorize}`,
        token: `${issuerUrl}${PATHS.token}`,
        userInfo: `${issuerUrl}${PATHS.userInfo}`,
        jwksUri: `${issuerUrl}${PATHS.keys}`,
      },
      attributeMapping: {
        email: ProviderAttribute.other("email"),
        emailVerified: ProviderAttribute.other("email_verified"),
        fullname: ProviderAttribute.other("name"),
      },
    });
    const google = stage.googleClientId && this.google(stage, pool, stage.googleClientId);
    return [github, ...(google ? [google] : [])].map(({ providerName }) =>
      UserPoolClientIdentityProvider.custom(providerName),
    );
  }

  private google(stage: Stage, pool: UserPool, clientId: string) {
    return new UserPoolIdentityProviderGoogle(this, "google", {
      userPool: pool,
      clientId,
      clientSecretValue: secretField(stage, "google", "client_secret"),
      scopes: SCOPES,
      attributeMapping: {
        email: ProviderAttribute.GOOGLE_EMAIL,
        emailVerified: ProviderAttribute.GOOGLE_EMAIL_VERIFIED,
        fullname: ProviderAttribute.GOOGLE_NAME,
      },
    });
  }

  private client(
    stage: Stage,
    userPool: UserPool,
    supportedIdentityProviders: UserPoolClientIdentityProvider[],
  ): UserPoolClient {
    return new UserPoolClient(this, "dashboard", {
      userPool,
      userPoolClientName: nameIn(stage, "dashboard"),
      // It runs in a browser, which keeps no secret; the code it gets is bound to it by PKCE.
      generateSecret: false,
      // Said, though it is false: else Cognito allows flows of its own choice.
      authFlows: { userPassword: stage.passwords },
      supportedIdentityProviders,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [`${stage.dashboardUrl}/callback`],
        logoutUrls: [`${stage.dashboardUrl}/`],
      },
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
  }
}

/** Also not who may do everything else in the account: a signature says who somebody is. */
function onlyItSigns(key: Key, role: IRole): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "NobodyElseSigns",
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ["kms:Sign"],
      resources: ["*"],
      conditions: { ArnNotEquals: { "aws:PrincipalArn": role.roleArn } },
    }),
  );
}
