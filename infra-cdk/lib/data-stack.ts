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
import { StageStack } from "./stage-stack.ts";
import { fixedNameIn, nameIn, type Stage } from "./stages.ts";

export interface DataStackProps {
  readonly stage: Stage;
  readonly contract: Contract;
}

export class DataStack extends StageStack {
  readonly key: Key;
  /** Encrypts what tenants entrust to us, field by field: tokens of Slack, keys of webhooks. */
  readonly tenantSecrets: Key;
  readonly table: Table;
  /** ARN of the key for hashes of account ids and actors in logs. */
  readonly hashKeySecret: string;
  /** ARN of the secret of our app at Slack, whose value an operator sets. */
  readonly slackSecret: string;

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
    this.slackSecret = this.secret(
      stage,
      "slack",
      'Slack app: {"client_id", "client_secret", "signing_secret"}, set by hand',
    );

    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "HashKeySecretArn", { value: this.hashKeySecret });
    new CfnOutput(this, "SlackSecretArn", { value: this.slackSecret });
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

  /** Without `generate` the secret has no value, so that no deployment overwrites one. */
  private secret(
    stage: Stage,
    name: string,
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
    acknowledge(
      secret,
      "AwsSolutions-SMG4",
      generate
        ? "A new key would give every account and actor a new hash, and cut the logs in two."
        : "Slack issues what is in it; it cannot be rotated from here.",
    );
    return secret.attrId;
  }
}
