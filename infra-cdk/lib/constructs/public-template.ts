// The bucket from which customers' CloudFormation reads our template: one object of it is public.

import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { type Stage, TEMPLATE_FILE } from "../stages.ts";

export class PublicTemplate extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, bucketName: string) {
    super(scope, id);
    const bucket = new Bucket(this, "bucket", {
      bucketName,
      // A policy may make public, a list of rights of a single object may not.
      blockPublicAccess: new BlockPublicAccess({
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      }),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: stage.removal,
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "AnybodyReadsTheTemplate",
        principals: [new AnyPrincipal()],
        actions: ["s3:GetObject"],
        resources: [bucket.arnForObjects(TEMPLATE_FILE)],
      }),
    );
    acknowledge(
      bucket,
      "AwsSolutions-S1",
      "It holds one public file. Who reads it is an account of a customer, and no business of ours.",
    );
    acknowledge(
      bucket,
      "AwsSolutions-S2",
      "Its one file is meant for everybody: customers review it, and their CloudFormation reads it.",
    );
  }
}
