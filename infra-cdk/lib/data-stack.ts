// What is kept: the table, the secrets, the key that encrypts both, and the key of tenants' secrets.

import { CfnOutput } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { Contract } from "./contract.ts";
import { cognitoReturnUrl, GITHUB_CLIENT } from "./sign-in.ts";
import { StageStack } from "./stage-stack.ts";
import { fixedNameIn, nameIn, type Stage } from "./stages.ts";

export interface DataStackProps {
  readonly stage: Stage;
  readonly contract: Contract;
}

const ISSUED_BY_OTHERS = "Others issue what is in it; it cannot be rotated from here.";
const WHY_NOT_ROTATED = {
  "hash-key": "A new key would give every account and actor a new hash, and cut the logs in two.",
  "cursor-key": "A new key would end every listing that somebody is in the middle of.",
  slack: ISSUED_BY_OTHERS,
  stripe: ISSUED_BY_OTHERS,
  google: ISSUED_BY_OTHERS,
  github: "GitHub issues one half of it; the other half Cognito reads only when it is deployed.",
};

export class DataStack extends StageStack {
  readonly key: Key;
  /** Encrypts what tenants entrust to us, field by field: tokens of Slack, keys of webhooks. */
  readonly tenantSecrets: Key;
  readonly table: Table;
  /** ARN of the key for hashes of account ids and actors in logs. */
  readonly hashKeySecret: string;
  /** ARN of the secret of our app at Slack, whose value an operator sets. */
  readonly slackSecret: string;
  /** ARN of the secret of our account at Stripe, whose value an operator sets. */
  readonly stripeSecret: string;
  /** ARN of the secret of our app at GitHub, into which an operator puts what GitHub says. */
  readonly githubSecret: string;
  /** ARN of the key that cursors of the API are signed with. */
  readonly cursorSecret: string;

  constructor(scope: Construct, { stage, contract }: DataStackProps) {
    super(scope, "data", stage);
    this.key = this.encryptionKey(stage);
    this.tenantSecrets = new Key(this, "TenantSecrets", {
      alias: nameIn(stage, "tenant-secrets"),
      description: "Encrypts the tokens and keys that tenants entrust to dd0c/cost",
      enableKeyRotation: true,
      removalPolicy: stage.removal,
    });
    this.table = this.mainTable(stage, contract);
    this.hashKeySecret = this.secret(stage, "hash-key", "Key for the hashes in logs", {
      passwordLength: 64,
      excludePunctuation: true,
    });
    this.cursorSecret = this.secret(stage, "cursor-key", "Key that cursors are signed with", {
      passwordLength: 64,
      excludePunctuation: true,
    });
    this.slackSecret = this.secret(
      stage,
      "slack",
      'Slack app: {"client_id", "client_secret", "signing_secret"}, set by hand',
    );
    this.stripeSecret = this.secret(
      stage,
      "stripe",
      'Stripe: {"api_key", "webhook_secrets", "price"}, set by hand',
    );
    this.githubSecret = this.secret(
      stage,
      "github",
      'GitHub app: "github_client_id" and "github_client_secret" are set by hand; the rest is between Cognito and us',
      this.betweenCognitoAndUs(stage),
    );
    if (!stage.passwords) {
      this.secret(stage, "google", 'Google: {"client_secret"}, set by hand where Google is used');
    }

    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "HashKeySecretArn", { value: this.hashKeySecret });
    new CfnOutput(this, "SlackSecretArn", { value: this.slackSecret });
    new CfnOutput(this, "StripeSecretArn", { value: this.stripeSecret });
    new CfnOutput(this, "GithubSecretArn", { value: this.githubSecret });
  }

  private encryptionKey(stage: Stage): Key {
    const key = new Key(this, "Key", {
      alias: nameIn(stage, "data"),
      description: "Encrypts the table, the secrets and the logs of dd0c/cost",
      enableKeyRotation: true,
      removalPolicy: stage.removal,
    });
    const logGroups = ["/aws/lambda", "/aws/vendedlogs"].map((folder) =>
      this.formatArn({ service: "logs", resource: `log-group:${folder}/${nameIn(stage, "*")}` }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${stage.region}.amazonaws.com`)],
        actions: [
          "kms:Decrypt*",
          "kms:Describe*",
          "kms:Encrypt*",
          "kms:GenerateDataKey*",
          "kms:ReEncrypt*",
        ],
        resources: ["*"],
        conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
      }),
    );
    return key;
  }

  private mainTable(stage: Stage, { table: contract }: Contract): Table {
    const string = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new Table(this, "Table", {
      tableName: fixedNameIn(stage, contract.name),
      partitionKey: string(contract.partitionKey),
      sortKey: string(contract.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: contract.expiry,
      stream: StreamViewType[contract.streamView],
      deletionProtection: stage.deletionProtection,
      removalPolicy: stage.removal,
    });
    for (const index of contract.indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: string(index.partitionKey),
        sortKey: string(index.sortKey),
        projectionType: ProjectionType[index.projection],
      });
    }
    return table;
  }

  /**
   * Complete but for what GitHub says, so that Cognito can be deployed with it. Whatever is changed
   * here makes a new value, and GitHub's part has to be set again.
   */
  private betweenCognitoAndUs(stage: Stage): CfnSecret.GenerateSecretStringProperty {
    return {
      secretStringTemplate: JSON.stringify({
        github_client_id: "",
        github_client_secret: "",
        client_id: GITHUB_CLIENT,
        redirect_uris: [cognitoReturnUrl(stage, this.account)],
      }),
      generateStringKey: "client_secret",
      passwordLength: 64,
      excludePunctuation: true,
    };
  }

  /** Without `generate` the secret has no value, so that no deployment overwrites one. */
  private secret(
    stage: Stage,
    name: keyof typeof WHY_NOT_ROTATED,
    description: string,
    generate?: CfnSecret.GenerateSecretStringProperty,
  ): string {
    const secret = new CfnSecret(this, `${name}-secret`, {
      name: nameIn(stage, name),
      description,
      kmsKeyId: this.key.keyArn,
      generateSecretString: generate,
    });
    secret.applyRemovalPolicy(stage.removal);
    acknowledge(secret, "AwsSolutions-SMG4", WHY_NOT_ROTATED[name]);
    return secret.attrId;
  }
}
