// CloudFront before an HTTP API, so that a web ACL of WAF can stand there: before the API itself none
// can (docs/decisions/0026-http-api.md).

import {
  AllowedMethods,
  CachePolicy,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import { Front } from "./front.ts";
import type { HttpDoor } from "./http-door.ts";

export class ApiFront extends Front {
  constructor(scope: Construct, id: string, door: HttpDoor, stage: Stage, webAclArn: string) {
    const host = `${door.apiId}.execute-api.${stage.region}.amazonaws.com`;
    super(scope, id, {
      stage,
      before: door.name,
      webAclArn,
      loggedBy: "The API behind it logs each request, without what stands in it.",
      distribution: {
        defaultBehavior: {
          origin: new HttpOrigin(host, { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          // Answers belong to one tenant.
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
    });
  }
}
