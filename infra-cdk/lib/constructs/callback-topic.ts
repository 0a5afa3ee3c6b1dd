// What customers' stacks call when they are ready or gone: a topic to which any account may publish.

import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { SubscriptionFilter, FilterOrPolicy, Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { fixedNameIn, type Stage } from "../stages.ts";

/**
 * Nobody who publishes is believed, and our own tasks come by the same queue. Whatever comes from here
 * has these fields, and so cannot pass for one of them: a task of ours has no `RequestType`.
 */
const OF_A_STACK = {
  RequestType: ["Create", "Update", "Delete"],
  // As customer/dd0c-cost-readonly.yaml calls it.
  ResourceType: ["Custom::Dd0cCostConnection"],
};

export interface CallbackTopicProps {
  readonly stage: Stage;
  /** Where a call goes, as the stack has made it. */
  readonly leadsTo: IQueue;
  /** Where a call goes that could not be delivered. */
  readonly undelivered: IQueue;
}

export class CallbackTopic extends Construct {
  readonly topic: Topic;
  /** Full name, known without a deployment. */
  readonly fullName: string;

  constructor(scope: Construct, id: string, { stage, leadsTo, undelivered }: CallbackTopicProps) {
    super(scope, id);
    // The customer's template knows the name.
    this.fullName = fixedNameIn(stage, "dd0c-cost-callback");
    // Without a key: who publishes would need a right to it, and no account of a customer has one.
    this.topic = new Topic(this, "topic", { topicName: this.fullName, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "StacksOfAnyAccount",
        principals: [new AnyPrincipal()],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
      }),
    );
    this.topic.addSubscription(
      new SqsSubscription(leadsTo, {
        rawMessageDelivery: true,
        filterPolicyWithMessageBody: {
          RequestType: oneOf(OF_A_STACK.RequestType),
          ResourceType: oneOf(OF_A_STACK.ResourceType),
        },
        deadLetterQueue: undelivered,
      }),
    );
  }
}

function oneOf(allowlist: string[]): FilterOrPolicy {
  return FilterOrPolicy.filter(SubscriptionFilter.stringFilter({ allowlist }));
}
