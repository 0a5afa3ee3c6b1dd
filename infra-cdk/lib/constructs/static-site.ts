// Files that CloudFront gives out of a bucket which nobody else can read: the built dashboard.

import { fileURLToPath } from "node:url";
import { Aws, Duration } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  type BehaviorOptions,
  CachePolicy,
  type DistributionProps,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  ResponseHeadersPolicy,
  type ResponseHeadersPolicyProps,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { nameIn, type Stage } from "../stages.ts";
import { Front } from "./front.ts";
import { FrontLog } from "./front-log.ts";

const FILE_OF = fileURLToPath(new URL("../edge/file-of.js", import.meta.url));
/** For so long what was overwritten or deleted can be brought back. */
const KEPT = Duration.days(90);
/** What nobody finds is asked for again and again: the bucket hears of it now and then. */
const NOT_FOUND_KEPT = Duration.seconds(10);

export interface StaticSiteProps {
  readonly stage: Stage;
  /** What every answer says to the browser. */
  readonly headers: ResponseHeadersPolicyProps;
  /** Encrypts the log. */
  readonly key: IKey;
}

export class StaticSite extends Construct {
  readonly bucket: Bucket;
  readonly front: Front;
  /** Address for people, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, name: string, props: StaticSiteProps) {
    super(scope, name);
    const { stage, key } = props;
    const { siteDomain: domain } = stage;
    this.bucket = this.privateBucket(nameIn(stage, name), stage);
    this.front = new Front(this, "front", {
      stage,
      before: "the files of the dashboard",
      webAclArn: stage.siteWebAclArn,
      domain: domain && {
        name: domain.name,
        certificate: Certificate.fromCertificateArn(this, "certificate", domain.certificateArn),
      },
      loggedBy: "Each request is logged in CloudWatch, without its query and who sent it.",
      distribution: this.answers(nameIn(stage, name), props.headers),
    });
    this.url = domain ? `https://${domain.name}` : this.front.url;
    new FrontLog(this, "log", { stage, name, of: this.front.distribution, key });
  }

  private privateBucket(name: string, stage: Stage): Bucket {
    const bucket = new Bucket(this, "bucket", {
      // Without our number somebody else in the world might have the name already.
      bucketName: `${name}-${Aws.ACCOUNT_ID}`,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: KEPT }],
      removalPolicy: stage.removal,
    });
    acknowledge(
      bucket,
      "AwsSolutions-S1",
      "CloudFront alone reads it, and requests are logged there; only a deployment writes, and old versions stay.",
    );
    return bucket;
  }

  private answers(name: string, headers: ResponseHeadersPolicyProps): DistributionProps {
    const always: BehaviorOptions = {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
      responseHeadersPolicy: new ResponseHeadersPolicy(this, "headers", {
        responseHeadersPolicyName: name,
        ...headers,
      }),
    };
    // How long something may be kept, the files say themselves (.github/scripts/publish-site.sh).
    const asTheFileSays = new CachePolicy(this, "as-the-file-says", {
      cachePolicyName: name,
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(365),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
    return {
      defaultBehavior: {
        ...always,
        cachePolicy: asTheFileSays,
        functionAssociations: [
          { eventType: FunctionEventType.VIEWER_REQUEST, function: this.fileOf(name) },
        ],
      },
      additionalBehaviors: {
        // Their names hold a hash of what is in them, and none of them is a page.
        "/_next/static/*": { ...always, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
      },
      // The bucket tells nobody what is not there: who may not list it hears 403.
      errorResponses: [403, 404].map((httpStatus) => ({
        httpStatus,
        responseHttpStatus: 404,
        responsePagePath: "/404.html",
        ttl: NOT_FOUND_KEPT,
      })),
    };
  }

  private fileOf(name: string): EdgeFunction {
    return new EdgeFunction(this, "file-of", {
      functionName: `${name}-file-of`,
      comment: "Which file an address of the dashboard means",
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: FILE_OF }),
    });
  }
}
