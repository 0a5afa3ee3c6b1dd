import { WHAT_HAPPENS } from "@/features/tenant/words";
import { expect, test } from "vitest";

test("deleting everything says until when it can be taken back, and what stays", () => {
  const all = WHAT_HAPPENS.join(" ");
  for (const said of ["48 hours", "72 hours", "Invoices stay"]) expect(all).toContain(said);
});
