import { confirms } from "@/ui/confirms";
import { expect, test } from "vitest";

test("only the word confirms, however it is written", () => {
  for (const typed of ["delete", " delete ", "Delete"])
    expect(confirms(typed, "delete")).toBe(true);
  for (const typed of ["", "yes", "delete it", "delet"]) {
    expect(confirms(typed, "delete")).toBe(false);
  }
  expect(confirms("444455556665", "444455556666")).toBe(false);
});
