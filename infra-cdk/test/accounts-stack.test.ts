import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

const CUSTOMER = readFileSync(
  new URL("../customer/dd0c-cost-readonly.yaml", import.meta.url),
  "utf8",
);

for (const stage of STAGES) {
  const app = synthesised(stage);
  const queue = app.queue(`dd0c-cost-${stage}-account-queue`);
  const topicName = stage === "prod" ? "dd0c-cost-callback" : `dd0c-cost-callback-${stage}`;
  const topic = app.named("AWS::SNS::Topic", "TopicName", topicName);

  test(`${stage}: accounts do not wait for each other, and a task is tried for an hour`, () => {
    const worker = app.lambda(`dd0c-cost-${stage}-account-worker`);
    // Scans and rehearsals keep no stack waiting that calls back.
    for (const name of ["account-queue", "background-queue"]) {
      const queue = app.queue(`dd0c-cost-${stage}-${name}`);
      const dlq = app.queue(`dd0c-cost-${stage}-${name}-dlq`);
      assert.equal(queue.Properties.FifoQueue, undefined);
      const { deadLetterTargetArn, maxReceiveCount } = queue.Properties.RedrivePolicy;
      assert.deepEqual(deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
      assert(hiddenSeconds(maxReceiveCount) >= 3600);
      assert(hiddenSeconds(maxReceiveCount - 1) < 3600);
      const source = app
        .resources("AWS::Lambda::EventSourceMapping")
        .find(({ Properties }) => Properties.EventSourceArn["Fn::GetAtt"]?.[0] === queue.id);
      assert.deepEqual(source?.Properties.FunctionName, { Ref: worker.id });
      assert.equal(source?.Properties.BatchSize, 1);
      assert.deepEqual(source?.Properties.FunctionResponseTypes, ["ReportBatchItemFailures"]);
      assert.equal(source?.Properties.ScalingConfig.MaximumConcurrency, 10);
    }
    assert.equal(worker.Properties.Timeout, stage === "test" ? 30 : 300);
  });

  test(`${stage}: any account may publish a call-back, encrypted on its way, and do nothing else`, () => {
    assert.equal(topic.Properties.KmsMasterKeyId, undefined);
    const policies = app
      .resources("AWS::SNS::TopicPolicy")
      .filter(({ Properties }) => Properties.Topics.some((each: object) => isTopic(each)));
    assert.equal(policies.length, 1);
    const [denied, allowed, ...others] = policies[0]?.Properties.PolicyDocument.Statement;
    assert.equal(others.length, 0);
    assert.equal(denied.Effect, "Deny");
    assert.deepEqual(denied.Condition, { Bool: { "aws:SecureTransport": "false" } });
    assert.deepEqual(allowed, {
      Sid: "StacksOfAnyAccount",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "sns:Publish",
      Resource: { Ref: topic.id },
    });
  });

  test(`${stage}: a call-back reaches the queue as it is, and no task of ours can be forged by one`, () => {
    const [subscription, ...others] = app
      .resources("AWS::SNS::Subscription")
      .filter(({ Properties }) => isTopic(Properties.TopicArn));
    assert.equal(others.length, 0);
    const found = subscription?.Properties;
    assert.equal(found.Protocol, "sqs");
    assert.deepEqual(found.Endpoint, { "Fn::GetAtt": [queue.id, "Arn"] });
    assert.equal(found.RawMessageDelivery, true);
    assert.equal(found.FilterPolicyScope, "MessageBody");
    assert.deepEqual(found.FilterPolicy.RequestType, ["Create", "Update", "Delete"]);
    const [type, ...more] = found.FilterPolicy.ResourceType;
    assert.equal(more.length, 0);
    assert(CUSTOMER.includes(`Type: ${type}\n`), `the customer's template has no ${type}`);
    const dlq = app.queue(`dd0c-cost-${stage}-callback-dlq`);
    assert.deepEqual(found.RedrivePolicy.deadLetterTargetArn, { "Fn::GetAtt": [dlq.id, "Arn"] });
  });

  test(`${stage}: nobody but us and our topic may send into the queue`, () => {
    const [policy, ...others] = app
      .resources("AWS::SQS::QueuePolicy")
      .filter(({ Properties }) =>
        Properties.Queues.some((each: { Ref: string }) => each.Ref === queue.id),
      );
    assert.equal(others.length, 0);
    const allowed = policy?.Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === "Allow",
    );
    assert.equal(allowed.length, 1);
    assert.deepEqual(allowed[0].Principal, { Service: "sns.amazonaws.com" });
    assert.equal(allowed[0].Action, "sqs:SendMessage");
    assert.deepEqual(allowed[0].Condition, { ArnEquals: { "aws:SourceArn": { Ref: topic.id } } });
  });

  test(`${stage}: no bucket is made for the template unless it is named`, () => {
    const buckets = app.resources("AWS::S3::Bucket").filter(({ stack }) => stack === "accounts");
    assert.equal(buckets.length, 0);
  });

  function isTopic(reference: object): boolean {
    return (reference as { Ref?: string }).Ref === topic.id;
  }
}

test("the customer's template and the app agree on the topic and on the role", () => {
  assert(CUSTOMER.includes(":dd0c-cost-callback\n"));
  assert(CUSTOMER.includes("RoleName: dd0c-cost-readonly\n"));
});

test("of a bucket for the template one object is public, and no list of rights makes another so", () => {
  const templatesBucket = "templates-of-ours";
  const app = new Synthesised("prod", { templatesBucket });
  const ofAccounts = (type: string) =>
    app.resources(type).filter(({ stack }) => stack === "accounts");
  const [bucket] = ofAccounts("AWS::S3::Bucket");
  assert.equal(bucket?.Properties.BucketName, templatesBucket);
  assert.deepEqual(bucket?.Properties.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  });
  assert.equal(bucket?.DeletionPolicy, "Retain");
  const [policy] = ofAccounts("AWS::S3::BucketPolicy");
  const allowed = policy?.Properties.PolicyDocument.Statement.filter(
    ({ Effect }: { Effect: string }) => Effect === "Allow",
  );
  assert.equal(allowed.length, 1);
  assert.equal(allowed[0].Action, "s3:GetObject");
  assert.deepEqual(allowed[0].Resource["Fn::Join"][1].at(-1), "/dd0c-cost-readonly.yaml");
  const { Variables } = app.lambda("dd0c-cost-prod-api").Properties.Environment;
  assert.equal(
    Variables.TEMPLATE_URL,
    `https://${templatesBucket}.s3.amazonaws.com/dd0c-cost-readonly.yaml`,
  );
});

/** How long a message that fails each time is hidden before its last receive. */
function hiddenSeconds(receives: number): number {
  const waits = Array.from({ length: receives - 1 }, (_, nth) => Math.min(5 * 2 ** nth, 900));
  return waits.reduce((sum, wait) => sum + wait);
}
