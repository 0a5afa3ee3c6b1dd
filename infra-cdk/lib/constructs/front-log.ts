// What CloudFront logs of requests: beside the logs of the doors, and no more than they do.

import type { Distribution } from "aws-cdk-lib/aws-cloudfront";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  CfnDelivery,
  CfnDeliveryDestination,
  CfnDeliverySource,
  LogGroup,
} from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { nameIn, type Stage } from "../stages.ts";

/**
 * What is logged of a request. A path names a file, which is the same for all; whom it is about stands
 * in the query, and the code of somebody who signs in as well.
 */
const LOGGED = [
  "date",
  "time",
  "x-edge-request-id",
  "cs-method",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "time-taken",
  "x-edge-result-type",
  "x-edge-detailed-result-type",
];

export interface FrontLogProps {
  readonly stage: Stage;
  readonly name: string;
  readonly of: Distribution;
  readonly key: IKey;
}

export class FrontLog extends Construct {
  constructor(scope: Construct, id: string, { stage, name, of, key }: FrontLogProps) {
    super(scope, id);
    const fullName = nameIn(stage, name);
    const group = new LogGroup(this, "group", {
      // CloudWatch keeps one policy for all groups of this folder; of others it soon has too many.
      logGroupName: `/aws/vendedlogs/${fullName}`,
      retention: stage.logRetention,
      encryptionKey: key,
      removalPolicy: stage.removal,
    });
    const source = new CfnDeliverySource(this, "source", {
      name: fullName,
      logType: "ACCESS_LOGS",
      resourceArn: of.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, "destination", {
      name: fullName,
      destinationResourceArn: group.logGroupArn,
      outputFormat: "json",
    });
    new CfnDelivery(this, "delivery", {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
      recordFields: LOGGED,
    });
  }
}
