import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGES, synthesised } from "./synthesised.ts";

for (const stage of STAGES) {
  const app = synthesised(stage);
  const { contract } = app;
  const [table] = app.resources("AWS::DynamoDB::Table");
  assert(table);

  test(`${stage}: the table is the one of the contract`, () => {
    const key = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: "HASH" },
      { AttributeName: sort, KeyType: "RANGE" },
    ];
    const { Properties: found } = table;
    assert.deepEqual(found.KeySchema, key(contract.table.partitionKey, contract.table.sortKey));
    assert.deepEqual(
      found.GlobalSecondaryIndexes,
      contract.table.indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: key(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: index.projection },
      })),
    );
    assert.deepEqual(found.StreamSpecification, { StreamViewType: contract.table.streamView });
    assert.deepEqual(found.TimeToLiveSpecification, {
      AttributeName: contract.table.expiry,
      Enabled: true,
    });
  });

  test(`${stage}: the table is on demand, recoverable and under our key`, () => {
    const { Properties: found } = table;
    assert.equal(found.BillingMode, "PAY_PER_REQUEST");
    assert.equal(found.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true);
    assert.equal(found.SSESpecification.SSEType, "KMS");
    assert(found.SSESpecification.KMSMasterKeyId);
  });

  test(`${stage}: only prod keeps what it holds`, () => {
    const keeps = stage === "prod";
    assert.equal(table.Properties.DeletionProtectionEnabled, keeps);
    for (const type of ["AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret"]) {
      for (const { id, DeletionPolicy } of app.resources(type)) {
        assert.equal(DeletionPolicy, keeps ? "Retain" : "Delete", id);
      }
    }
  });

  test(`${stage}: names outside prod carry the stage`, () => {
    const name = stage === "prod" ? contract.table.name : `${contract.table.name}-${stage}`;
    assert.equal(table.Properties.TableName, name);
  });

  const secret = (name: string) =>
    app.named("AWS::SecretsManager::Secret", "Name", `dd0c-cost-${stage}-${name}`).Properties;

  test(`${stage}: keys of ours are generated, what others issue waits for an operator`, () => {
    for (const name of ["hash-key", "cursor-key"]) {
      assert.equal(secret(name).GenerateSecretString.PasswordLength, 64);
    }
    const issued = stage === "test" ? ["slack", "stripe"] : ["slack", "stripe", "google"];
    for (const name of issued) {
      assert.equal(secret(name).GenerateSecretString, undefined);
      assert.equal(secret(name).SecretString, undefined);
      assert(secret(name).KmsKeyId);
    }
    const all = app.resources("AWS::SecretsManager::Secret");
    assert.equal(all.length, issued.length + 3);
  });

  test(`${stage}: the secret of GitHub lacks only what GitHub says, so that Cognito can be deployed`, () => {
    const { GenerateSecretString: made } = secret("github");
    assert.equal(made.GenerateStringKey, "client_secret");
    assert.equal(made.PasswordLength, 64);
    const [first, account, last] = made.SecretStringTemplate["Fn::Join"][1];
    assert.deepEqual(account, { Ref: "AWS::AccountId" });
    // As `Secret` of shared/github reads it.
    assert.deepEqual(JSON.parse(`${first}111122223333${last}`), {
      github_client_id: "",
      github_client_secret: "",
      client_id: "cognito",
      redirect_uris: [
        `https://dd0c-cost-${stage}-111122223333.auth.us-east-1.amazoncognito.com/oauth2/idpresponse`,
      ],
    });
  });

  test(`${stage}: secrets of tenants have a key of their own, apart from that of the table`, () => {
    const alias = app.named(
      "AWS::KMS::Alias",
      "AliasName",
      `alias/dd0c-cost-${stage}-tenant-secrets`,
    );
    const key = app.resolve(alias.stack, alias.Properties.TargetKeyId);
    assert.equal(key?.Type, "AWS::KMS::Key");
    assert.notDeepEqual(
      alias.Properties.TargetKeyId,
      table.Properties.SSESpecification.KMSMasterKeyId,
    );
    // No service of AWS may use it, only the roles that say so.
    const [statement, ...others] = key?.Properties.KeyPolicy.Statement;
    assert.equal(others.length, 0);
    assert.match(JSON.stringify(statement.Principal), /:root/);
  });

  test(`${stage}: every key rotates that AWS can rotate`, () => {
    const keys = app.resources("AWS::KMS::Key");
    const rotating = keys.filter(({ Properties }) => Properties.EnableKeyRotation === true);
    const others = keys.filter((key) => !rotating.includes(key));
    assert(rotating.length >= 3);
    assert.deepEqual(
      others.map(({ Properties }) => Properties.KeyUsage),
      ["SIGN_VERIFY"],
    );
  });
}
