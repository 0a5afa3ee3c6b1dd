/** The services that are watched, by their words in the API. */
export const SERVICES = {
  ec2: "EC2",
  "ec2-fleet": "EC2 Fleet",
  autoscaling: "Auto Scaling",
  ebs: "EBS",
  rds: "RDS",
  lambda: "Lambda",
  "nat-gateway": "NAT gateway",
  "public-ipv4": "Public IPv4",
} as const;

/** A service as people call it; one that came later by its word. */
export function nameOfService(code: string): string {
  return SERVICES[code as keyof typeof SERVICES] ?? code;
}
