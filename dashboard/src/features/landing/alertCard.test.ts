import { ALERT } from "@/features/landing/alertCard";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const GOLDEN = new URL("../../../../shared/slack/tests/golden/ec2.json", import.meta.url);
const sent = textsOf(JSON.parse(readFileSync(GOLDEN, "utf8")));

/** Every text within a value of JSON, in one. */
function textsOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  return Object.values(value).map(textsOf).join("\n");
}

describe("the card of the first page is one that we send", () => {
  const { severity, title, fields, cost, why, stop, buttons } = ALERT;

  test("its head", () => {
    expect(sent).toContain(`${severity}  ${title}`);
  });

  test.each(fields.map(({ name, text }) => `*${name}*\n${text}`))("%s", (field) => {
    expect(sent).toContain(field);
  });

  test.each([cost.join("\n"), ...why, `${stop.note}\n${stop.command}`, ...buttons])(
    "%s",
    (text) => {
      expect(sent).toContain(text);
    },
  );
});
