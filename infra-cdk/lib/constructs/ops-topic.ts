// Where alarms go. An operator subscribes to it by hand.

import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { nameIn, type Stage } from "../stages.ts";

export class OpsTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const alarms = new ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
    });
    // The key that AWS manages for SNS does not let alarms use it.
    const key = new Key(this, "key", {
      alias: nameIn(stage, "ops"),
      description: "Encrypts the alarms of dd0c/cost",
      enableKeyRotation: true,
      removalPolicy: stage.removal,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
      }),
    );
    this.topic = new Topic(this, "topic", {
      topicName: nameIn(stage, id),
      masterKey: key,
      enforceSSL: true,
    });
    // With a policy of its own, a topic loses the one that let the account publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
      }),
    );
  }
}
