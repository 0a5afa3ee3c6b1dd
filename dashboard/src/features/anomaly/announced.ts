import { type Detail } from "@/features/anomaly/optimistic";

/** What is read aloud once it comes to pass: the answer and the end, nothing that changes by itself. */
export function announced({
  answer,
  resolvedAt,
}: Pick<Detail, "answer" | "resolvedAt">): string | undefined {
  if (resolvedAt) return "It is resolved.";
  if (!answer) return undefined;
  return answer.answer === "expected"
    ? "It is marked as expected."
    : "It is marked as not expected.";
}
