/**
 * The words of an alert as it stands in Slack: those of `shared/slack/tests/golden/ec2.json`, some of
 * them left out. A test holds them against each other.
 */
export const ALERT = {
  severity: "CRITICAL",
  title: "$94.86/h  4 × p4d.24xlarge",
  fields: [
    { name: "Account", text: "111122223333" },
    { name: "Resource", text: "4 × p4d.24xlarge" },
    { name: "Region", text: "eu-west-1" },
    { name: "Actor", text: "ana@example.com (role/Engineer)" },
    { name: "Started", text: "2026-06-08 03:04:00 UTC, ec2 RunInstances" },
    { name: "Told", text: "38 s after it happened" },
  ],
  cost: [
    "$94.86/h; $1,985.79 by midnight UTC, $52,073.33 by the month's end",
    "4 × $23.71569/h  p4d.24xlarge Linux on demand (AWS price list, 2026-07)",
  ],
  why: [
    "$94.86/h is above $25.00/h, the limit while this account has little history",
    "role/Engineer has $94.86/h running, and has no day before this to compare with",
    "never seen in this account before: eu-west-1, role/Engineer, ec2 p4d.24xlarge (0 events)",
  ],
  stop: {
    note: "# can be started again; instance-store data is lost",
    command:
      "aws ec2 stop-instances --region eu-west-1 --instance-ids i-0f34ac11182da0122 i-0eae6bb34563b7c48 i-0ca96bd18e453df07 i-0ecf9a7ef0b9ea589",
  },
  buttons: ["Expected", "Not expected", "Snooze 1 h", "Snooze 24 h", "Details"],
} as const;
