// What the role of a function may do: nothing but what its props say.

import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Stage } from "../stages.ts";
import { TABLE_RIGHTS, writes } from "../table-rights.ts";
import type { Surroundings } from "./rust-function.ts";

export function allowQueues(
  role: IRole,
  action: string,
  queues: Readonly<Record<string, IQueue>> = {},
): void {
  for (const queue of Object.values(queues)) allow(role, [action], [queue.queueArn]);
}

/** The rights that table-rights.ts lists, and the use of the key through DynamoDB alone. */
export function allowTable(
  role: IRole,
  name: string,
  { stage, contract, data }: Surroundings,
): void {
  const rights = TABLE_RIGHTS[name];
  if (!rights) throw new Error(`lib/table-rights.ts has no rights for ${name}`);
  if (rights.length === 0) return;
  const table = data.table.tableArn;
  const indexes = contract.table.indexes.map((index) => `${table}/index/${index.name}`);
  for (const right of rights) {
    const actions = right.actions.map((action) => `dynamodb:${action}`);
    const condition = right.partitions && {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [...right.partitions] },
    };
    allow(role, actions, right.onIndexes ? indexes : [table], condition);
  }
  const toRead = ["kms:Decrypt", "kms:DescribeKey"];
  const toWrite = [
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ];
  const actions = writes(rights) ? [...toRead, ...toWrite] : toRead;
  allow(role, actions, [data.key.keyArn], through("dynamodb", stage));
}

/**
 * One use of the key of tenants' secrets, and only for a tenant and a purpose that are named: what
 * is encrypted for one opens for no other.
 */
export function allowTenantSecrets(
  role: IRole,
  use: "Decrypt" | "Encrypt",
  { data }: Surroundings,
): void {
  allow(role, [`kms:${use}`], [data.tenantSecrets.keyArn], {
    "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["purpose", "tenant"] },
    // Without a context the condition above holds too.
    Null: { "kms:EncryptionContext:purpose": "false", "kms:EncryptionContext:tenant": "false" },
  });
}

/** A function may read exactly the secrets that its environment names. */
export function allowSecrets(
  role: IRole,
  environment: Readonly<Record<string, string>>,
  { stage, data }: Surroundings,
): void {
  const secrets = Object.keys(environment)
    .filter((variable) => variable.endsWith("_SECRET"))
    .map((variable) => environment[variable] as string);
  if (secrets.length === 0) return;
  allow(role, ["secretsmanager:GetSecretValue"], secrets);
  allow(role, ["kms:Decrypt"], [data.key.keyArn], through("secretsmanager", stage));
}

function through(service: string, stage: Stage) {
  return { StringEquals: { "kms:ViaService": `${service}.${stage.region}.amazonaws.com` } };
}

export function allow(
  role: IRole,
  actions: string[],
  resources: string[],
  conditions?: Record<string, unknown>,
): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions, resources, conditions }));
}
