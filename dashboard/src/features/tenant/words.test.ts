import { WHAT_HAPPENS, WORD, whyNot } from "@/features/tenant/words";
import { describe, expect, test } from "vitest";

describe("deleting everything", () => {
  test("is confirmed by its word alone, however it is written", () => {
    for (const typed of [WORD, " delete ", "Delete"]) expect(whyNot(typed)).toBeUndefined();
    for (const typed of ["", "yes", "delete it", "delet"]) {
      expect(whyNot(typed)).toBe("Type the word delete.");
    }
  });

  test("says until when it can be taken back, and what stays", () => {
    const all = WHAT_HAPPENS.join(" ");
    for (const said of ["48 hours", "72 hours", "Invoices stay"]) expect(all).toContain(said);
  });
});
