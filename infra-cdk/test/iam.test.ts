// Who may do what, in sentences. A right that is added must be added here too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Resource, STAGES, type Synthesised, synthesised } from "./synthesised.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

const WRITE_KEY =
  "kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:ReEncryptFrom kms:ReEncryptTo on key if dynamodb";
const SECRETS_KEY = "kms:Decrypt on key if secretsmanager";
const HASH_KEY = "secretsmanager:GetSecretValue on hash-key";
const SLACK = "secretsmanager:GetSecretValue on slack, hash-key";
const ENCRYPT =
  "kms:Encrypt on tenant-secrets if purpose, tenant, purpose is there, tenant is there";
const DECRYPT =
  "kms:Decrypt on tenant-secrets if purpose, tenant, purpose is there, tenant is there";
const CLAIM = "dynamodb:GetItem dynamodb:UpdateItem on table if CLAIM#*";
const TENANT_LINE = "dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem on table if TENANT#*";
const GOVERNANCE = "dynamodb:GetItem on table if AWSACCOUNT#*, POLICY, TENANT#*";
const FIND = "dynamodb:Query on table/index/GSI1, table/index/GSI3";
const OWN =
  "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem on table if";
const CONSUME =
  "sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:GetQueueUrl sqs:DeleteMessage sqs:GetQueueAttributes on";
// What Lambda itself needs to put aside an event that failed.
const PUT_ASIDE = "sqs:SendMessage sqs:GetQueueAttributes sqs:GetQueueUrl on";

const WANTED: Readonly<Record<string, readonly string[]>> = {
  "event-router": [
    "dynamodb:GetItem on table if AWSACCOUNT#*",
    "dynamodb:UpdateItem on table if RATE#*",
    "dynamodb:PutItem on table if ACCOUNT#*",
    WRITE_KEY,
    HASH_KEY,
    "sqs:SendMessage on event-ingestion.fifo",
    "sqs:SendMessage on event-router-dlq",
    `${PUT_ASIDE} event-router-dlq`,
  ],
  "event-processor": [
    `${OWN.replace(" on", " dynamodb:ConditionCheckItem on")} ACCOUNT#*`,
    WRITE_KEY,
    HASH_KEY,
    `${CONSUME} event-ingestion.fifo`,
    "sqs:SendMessage on event-ingestion-dlq.fifo",
  ],
  "anomaly-scorer": [
    `${OWN} ACCOUNT#*, BASELINE#*`,
    GOVERNANCE,
    WRITE_KEY,
    HASH_KEY,
    "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator on stream",
    "dynamodb:ListStreams on *",
    "kms:Decrypt kms:DescribeKey on key",
    "sqs:SendMessage on alert-queue",
    "sqs:SendMessage on anomaly-scorer-dlq",
    `${PUT_ASIDE} anomaly-scorer-dlq`,
  ],
  notifier: [
    CLAIM,
    "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on table if ACCOUNT#*",
    "dynamodb:GetItem on table if AWSACCOUNT#*",
    TENANT_LINE,
    WRITE_KEY,
    HASH_KEY,
    DECRYPT,
    "events:PutEvents on dd0c-cost-events",
    `${CONSUME} alert-queue`,
    "sqs:ChangeMessageVisibility on alert-queue",
    "sqs:SendMessage on alert-queue-dlq",
  ],
  clock: [
    FIND,
    "dynamodb:DeleteItem dynamodb:UpdateItem on table if ACCOUNT#*",
    "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on table if TENANT#*",
    WRITE_KEY,
    HASH_KEY,
    "sqs:SendMessage on account-queue",
    "sqs:SendMessage on alert-queue",
    "sqs:SendMessage on billing-queue",
    "sqs:SendMessage on digest-queue",
    `${PUT_ASIDE} clock-dlq`,
  ],
  "daily-digest": [
    CLAIM,
    "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query on table if ACCOUNT#*",
    "dynamodb:GetItem on table if BASELINE#*",
    TENANT_LINE,
    FIND,
    WRITE_KEY,
    HASH_KEY,
    DECRYPT,
    `${CONSUME} digest-queue`,
    "sqs:ChangeMessageVisibility on digest-queue",
    "sqs:SendMessage on digest-queue-dlq",
  ],
  "slack-app": [
    "dynamodb:GetItem dynamodb:DeleteItem on table if STATE#*",
    "dynamodb:PutItem dynamodb:DeleteItem on table if SLACKTEAM#*",
    "dynamodb:Query dynamodb:PutItem dynamodb:DeleteItem on table if TENANT#*",
    "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query on table if ACCOUNT#*",
    FIND,
    WRITE_KEY,
    SLACK,
    ENCRYPT,
    "sqs:SendMessage on alert-queue",
    "sqs:SendMessage on question-queue",
  ],
  "slack-worker": [
    CLAIM,
    "dynamodb:GetItem dynamodb:DeleteItem on table if SLACKTEAM#*",
    "dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:DeleteItem on table if TENANT#*",
    "dynamodb:GetItem on table if AWSACCOUNT#*, POLICY",
    "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:UpdateItem on table if ACCOUNT#*",
    `${OWN} BASELINE#*`,
    FIND,
    WRITE_KEY,
    HASH_KEY,
    `${CONSUME} question-queue`,
    "sqs:ChangeMessageVisibility on question-queue",
    "sqs:SendMessage on question-queue-dlq",
    "sqs:SendMessage on alert-queue",
  ],
  "account-lifecycle": [
    `${OWN.replace(" on", " dynamodb:BatchWriteItem on")} ACCOUNT#*`,
    `${OWN.replace(" on", " dynamodb:BatchWriteItem on")} BASELINE#*`,
    "dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:DeleteItem on table if AWSACCOUNT#*, TENANT#*",
    "dynamodb:ConditionCheckItem on table if TENANT#*",
    "dynamodb:DeleteItem on table if APIKEY#*, SLACKTEAM#*, STATE#*, STRIPECUSTOMER#*, SUB#*",
    "dynamodb:BatchWriteItem on table if AWSACCOUNT#*, CLAIM#*, STATE#*, TENANT#*",
    "dynamodb:GetItem dynamodb:PutItem on table if POLICY",
    "dynamodb:PutItem on table if STATE#*",
    FIND,
    WRITE_KEY,
    HASH_KEY,
    ENCRYPT,
    "sqs:SendMessage on alert-queue",
    `${PUT_ASIDE} account-lifecycle-dlq`,
  ],
  api: [
    "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query on table if ACCOUNT#*, APIKEY#*, AWSACCOUNT#*, BASELINE#*, IDEMPOTENCY#*, POLICY, RATE#*, SUB#*, TENANT#*",
    "dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on table if APIKEY#*, IDEMPOTENCY#*, SUB#*, TENANT#*",
    "dynamodb:ConditionCheckItem on table if TENANT#*",
    "dynamodb:UpdateItem on table if ACCOUNT#*, RATE#*",
    "dynamodb:PutItem on table if ACCOUNT#*, AWSACCOUNT#*",
    "dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on table if BASELINE#*",
    "dynamodb:PutItem on table if STATE#*, STRIPECUSTOMER#*",
    FIND,
    WRITE_KEY,
    "secretsmanager:GetSecretValue on cursor-key, stripe, hash-key",
    ENCRYPT,
    "sqs:SendMessage on account-queue",
    "sqs:SendMessage on alert-queue",
  ],
  "account-worker": [
    CLAIM,
    `${OWN.replace(" on", " dynamodb:BatchWriteItem dynamodb:ConditionCheckItem on")} ACCOUNT#*, BASELINE#*`,
    `${OWN} AWSACCOUNT#*, TENANT#*`,
    "dynamodb:GetItem on table if POLICY",
    "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on table if STATE#*",
    "dynamodb:UpdateItem on table if RATE#*",
    FIND,
    WRITE_KEY,
    HASH_KEY,
    "sts:AssumeRole on arn:aws:iam::*:role/dd0c-cost-readonly",
    `${CONSUME} account-queue`,
    `${CONSUME} background-queue`,
    "sqs:ChangeMessageVisibility on account-queue",
    "sqs:ChangeMessageVisibility on background-queue",
    "sqs:SendMessage on account-queue",
    "sqs:SendMessage on account-queue-dlq",
    "sqs:SendMessage on background-queue",
    "sqs:SendMessage on alert-queue",
  ],
  "github-oidc": [
    "dynamodb:GetItem dynamodb:PutItem dynamodb:DeleteItem on table if STATE#*",
    WRITE_KEY,
    "secretsmanager:GetSecretValue on github, hash-key",
    "kms:GetPublicKey kms:Sign on signing-key",
  ],
  "stripe-webhook": [
    "secretsmanager:GetSecretValue on stripe, hash-key",
    "sqs:SendMessage on billing-queue",
  ],
  "billing-worker": [
    CLAIM,
    "dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on table if TENANT#*",
    "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on table if STRIPECUSTOMER#*",
    "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on table if AWSACCOUNT#*",
    "dynamodb:PutItem on table if ACCOUNT#*",
    WRITE_KEY,
    "secretsmanager:GetSecretValue on stripe, hash-key",
    DECRYPT,
    `${CONSUME} billing-queue`,
    "sqs:ChangeMessageVisibility on billing-queue",
    "sqs:SendMessage on billing-queue-dlq",
  ],
};

for (const stage of STAGES) {
  const app = synthesised(stage);
  const functions = app.resources("AWS::Lambda::Function");

  test(`${stage}: each function has a role of its own`, () => {
    const roles = functions.map(({ Properties }) => Properties.Role["Fn::GetAtt"][0]);
    assert.equal(new Set(roles).size, functions.length);
    for (const role of app.resources("AWS::IAM::Role")) {
      assert.equal(role.Properties.ManagedPolicyArns, undefined, role.id);
    }
  });

  for (const lambda of functions) {
    const name = shortName(stage, lambda.Properties.FunctionName);
    test(`${stage}: ${name} has its rights and no others`, () => {
      const everybody = [
        SECRETS_KEY,
        `logs:CreateLogStream logs:PutLogEvents on /aws/lambda/${name}`,
      ];
      const wanted = [...(WANTED[name] ?? []), ...everybody].sort();
      assert.deepEqual(sentences(app, stage, lambda), wanted);
    });
  }

  test(`${stage}: who stores a tenant's secret cannot read it, who reads it cannot store one`, () => {
    const uses = functions.flatMap((lambda) => {
      const right = sentences(app, stage, lambda).filter((each) => each.includes("tenant-secrets"));
      const name = shortName(stage, lambda.Properties.FunctionName);
      return right.map((each) => `${name}: ${each.split(" ")[0]}`);
    });
    assert.deepEqual(uses.sort(), [
      "account-lifecycle: kms:Encrypt",
      "api: kms:Encrypt",
      "billing-worker: kms:Decrypt",
      "daily-digest: kms:Decrypt",
      "notifier: kms:Decrypt",
      "slack-app: kms:Encrypt",
    ]);
  });

  test(`${stage}: one function signs, one takes on roles of customers, and of no others`, () => {
    const who = (action: string) =>
      functions.flatMap((lambda) =>
        sentences(app, stage, lambda)
          .filter((each) => each.includes(action))
          .map((each) => `${shortName(stage, lambda.Properties.FunctionName)}: ${each}`),
      );
    assert.deepEqual(who("kms:Sign"), ["github-oidc: kms:GetPublicKey kms:Sign on signing-key"]);
    assert.deepEqual(who("sts:"), [
      "account-worker: sts:AssumeRole on arn:aws:iam::*:role/dd0c-cost-readonly",
    ]);
  });

  test(`${stage}: no right is for everything, but one`, () => {
    const policies = app.resources("AWS::IAM::Policy");
    assert(policies.length > functions.length);
    const wide = policies.flatMap(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).filter(
        ({ Action, Resource }) =>
          JSON.stringify(Action).includes("*") || JSON.stringify(Resource).includes('"*"'),
      ),
    );
    // Lambda asks for it to read the stream, and it takes no resource.
    assert.deepEqual(
      wide.map(({ Action }) => Action),
      ["dynamodb:ListStreams"],
    );
  });
}

/** The policies of a function, a sentence a statement. */
function sentences(app: Synthesised, stage: string, lambda: Resource): string[] {
  const role = lambda.Properties.Role["Fn::GetAtt"][0];
  const policies = app
    .resources("AWS::IAM::Policy")
    .filter((policy) => policy.stack === lambda.stack && policy.Properties.Roles[0].Ref === role);
  const statements: Statement[] = policies.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  return statements
    .map(({ Effect, Action, Resource: on, Condition }) => {
      assert.equal(Effect, "Allow");
      const places = [on].flat().map((each) => placeOf(app, stage, lambda.stack, each));
      const only = Object.entries(Condition ?? {}).flatMap(([operator, each]) =>
        Object.entries(each).flatMap(([key, value]) => inWords(operator, key, value)),
      );
      const condition = only.length ? ` if ${only.join(", ")}` : "";
      return `${[Action].flat().join(" ")} on ${places.join(", ")}${condition}`;
    })
    .sort();
}

function inWords(operator: string, key: string, value: string | string[]): string[] {
  if (operator !== "Null") {
    return [value].flat().map((each) => each.replace(".us-east-1.amazonaws.com", ""));
  }
  assert.equal(value, "false");
  return [`${key.replace("kms:EncryptionContext:", "")} is there`];
}

function placeOf(app: Synthesised, stage: string, stack: string, reference: unknown): string {
  if (typeof reference === "string") return reference;
  const joined = (reference as { "Fn::Join"?: [string, unknown[]] })["Fn::Join"];
  if (joined) {
    const [first, ...rest] = joined[1];
    return placeOf(app, stage, stack, first) + rest.join("");
  }
  const found = app.resolve(stack, reference);
  assert(found, JSON.stringify(reference));
  const { Properties, Type } = found;
  if (Type === "AWS::KMS::Key") return keyName(found.id);
  if (Type === "AWS::DynamoDB::Table") {
    return JSON.stringify(reference).includes("StreamArn") ? "stream" : "table";
  }
  return shortName(stage, Properties.QueueName ?? Properties.LogGroupName ?? Properties.Name);
}

function keyName(id: string): string {
  if (id.startsWith("TenantSecrets")) return "tenant-secrets";
  return id.startsWith("signingkey") ? "signing-key" : "key";
}

function shortName(stage: string, name: string): string {
  return name
    .replace(`dd0c-cost-${stage}-`, "")
    .replace(`dd0c-cost-events-${stage}`, "dd0c-cost-events");
}
