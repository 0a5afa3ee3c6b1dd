import { line } from "@/features/anomaly/words";
import { expect, test } from "vitest";

test.each([
  ["such a thing comes by chance", "Such a thing comes by chance"],
  ["final; deletes the volumes", "Final; deletes the volumes"],
  ["user/ana started $114.18/h", "user/ana started $114.18/h"],
  ["ana@example.com started it", "ana@example.com started it"],
  ["p4d.24xlarge was never seen", "p4d.24xlarge was never seen"],
  ["$114.18/h is above $25.00/h", "$114.18/h is above $25.00/h"],
  ["rds db.r6g.4xlarge was never seen", "RDS db.r6g.4xlarge was never seen"],
  ["", ""],
])("%s", (text, shown) => expect(line(text)).toBe(shown));
