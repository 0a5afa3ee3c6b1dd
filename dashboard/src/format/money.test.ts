import { money, size } from "@/format/money";
import { describe, expect, it } from "vitest";

const usd = (amount: string) => ({ amount, currency: "USD" });

describe("money", () => {
  it.each([
    ["131.0976", "$131.10"],
    ["0", "$0.00"],
    ["0.0464", "$0.0464"],
    ["0.000044", "$0.00"],
    ["5", "$5.00"],
    ["999.99", "$999.99"],
    ["1000", "$1,000"],
    ["94406.4", "$94,406"],
    ["-3.5", "-$3.50"],
  ])("%s reads %s", (amount, read) => {
    expect(money(usd(amount))).toBe(read);
  });

  it("keeps digits that a number would lose", () => {
    expect(money(usd("9007199254740993"))).toBe("$9,007,199,254,740,993");
  });

  it("is a number for the length of a bar", () => {
    expect(size(usd("2.5"))).toBe(2.5);
  });
});
