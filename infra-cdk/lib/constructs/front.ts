// CloudFront before something: what is the same wherever it stands.

import {
  type DistributionProps,
  Distribution,
  HttpVersion,
  SecurityPolicyProtocol,
} from "aws-cdk-lib/aws-cloudfront";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Stage } from "../stages.ts";

export interface FrontProps {
  readonly stage: Stage;
  /** What it stands before, in words. */
  readonly before: string;
  /** A web ACL of WAF, scope CLOUDFRONT. */
  readonly webAclArn?: string;
  /** A name of ours and its certificate; without them CloudFront's own. */
  readonly domain?: { readonly name: string; readonly certificate: ICertificate };
  /** Who logs requests, since CloudFront's logs in S3 hold addresses and queries. */
  readonly loggedBy: string;
  /** Where requests go, and what is kept of the answers. */
  readonly distribution: Omit<DistributionProps, "comment" | "webAclId">;
}

export class Front extends Construct {
  /** Its own address, without a slash at the end, whatever name of ours it has. */
  readonly url: string;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: FrontProps) {
    super(scope, id);
    const { stage, before, webAclArn, domain } = props;
    this.distribution = new Distribution(this, "distribution", {
      comment: `dd0c/cost, ${stage.name}: before ${before}`,
      webAclId: webAclArn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      domainNames: domain && [domain.name],
      certificate: domain?.certificate,
      minimumProtocolVersion: domain && SecurityPolicyProtocol.TLS_V1_2_2021,
      ...props.distribution,
    });
    this.url = `https://${this.distribution.distributionDomainName}`;
    for (const [rule, reason] of findings(props)) acknowledge(this.distribution, rule, reason);
  }
}

function findings({ webAclArn, domain, loggedBy }: FrontProps): [string, string][] {
  const found: Record<string, string | false> = {
    "AwsSolutions-CFR1": "Customers sit anywhere; countries are a matter of the web ACL.",
    "AwsSolutions-CFR2":
      !webAclArn &&
      "Nothing but files that are the same for all stands behind it; a web ACL is optional.",
    "AwsSolutions-CFR3": loggedBy,
    "AwsSolutions-CFR4":
      !domain &&
      "CloudFront's own name comes with its own certificate and minimum of TLS, and nobody can set another for it.",
  };
  return Object.entries(found).filter((each): each is [string, string] => each[1] !== false);
}
