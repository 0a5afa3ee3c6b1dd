// CloudFront before an HTTP API, so that a web ACL of WAF can stand there: before the API itself none
// can (docs/decisions/0026-http-api.md).

import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Stage } from "../stages.ts";
import type { HttpDoor } from "./http-door.ts";

const FINDINGS = {
  "AwsSolutions-CFR1": "Customers sit anywhere; countries are a matter of the web ACL.",
  "AwsSolutions-CFR3": "The API behind it logs each request, without what stands in it.",
  "AwsSolutions-CFR4":
    "CloudFront's own name comes with its own certificate and minimum of TLS; the API takes 1.2 and more.",
};

export class ApiFront extends Construct {
  /** Its address, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, door: HttpDoor, stage: Stage, webAclArn: string) {
    super(scope, id);
    const host = `${door.apiId}.execute-api.${stage.region}.amazonaws.com`;
    const distribution = new Distribution(this, "distribution", {
      comment: `dd0c/cost, ${stage.name}: before ${door.name}`,
      webAclId: webAclArn,
      defaultBehavior: {
        origin: new HttpOrigin(host, { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        // Answers belong to one tenant.
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
    });
    this.url = `https://${distribution.distributionDomainName}`;
    for (const [rule, reason] of Object.entries(FINDINGS)) acknowledge(distribution, rule, reason);
  }
}
