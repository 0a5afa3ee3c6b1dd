// What the stacks data and identity both know of signing in.

import { SecretValue } from "aws-cdk-lib";
import { nameIn, type Stage } from "./stages.ts";

/** Under which name Cognito asks our issuer in front of GitHub. */
export const GITHUB_CLIENT = "cognito";

/** The part of Cognito's address that is ours; nobody else in the region may have the same. */
export function signInPrefix(stage: Stage, account: string): string {
  return `dd0c-cost-${stage.name}-${account}`;
}

/** Where people sign in, without a slash at the end. */
export function signInUrl(stage: Stage, account: string): string {
  return `https://${signInPrefix(stage, account)}.auth.${stage.region}.amazoncognito.com`;
}

/** Where Cognito takes people back from a provider. */
export function cognitoReturnUrl(stage: Stage, account: string): string {
  return `${signInUrl(stage, account)}/oauth2/idpresponse`;
}

/** A field of a secret, which CloudFormation reads while it deploys; no template holds it. */
export function secretField(stage: Stage, name: string, jsonField: string): SecretValue {
  return SecretValue.secretsManager(nameIn(stage, name), { jsonField });
}
