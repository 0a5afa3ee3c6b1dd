import { wordsOf } from "@/ui/codeLines";
import { expect, test } from "vitest";

test("a line is broken between words only, unless one is too long for any line", () => {
  const arn = `arn:aws:iam::111122223333:role/${"x".repeat(20)}`;
  const line = `  aws ec2  stop-instances --no-dry-run ${arn}`;
  const pieces = wordsOf(line);
  expect(pieces.map(({ word }) => word).join("")).toBe(line);
  expect(pieces.filter(({ isWhole }) => isWhole).map(({ word }) => word)).toEqual([
    "aws",
    "ec2",
    "stop-instances",
    "--no-dry-run",
  ]);
  expect(wordsOf("")).toEqual([]);
});
