import { EVERYTHING, queryOf, viewOf, type View } from "@/features/zombies/view";
import { describe, expect, test } from "vitest";

describe("the view in the address", () => {
  test("an empty address shows everything", () => {
    expect(viewOf({})).toEqual(EVERYTHING);
    expect(queryOf(EVERYTHING)).toEqual({});
  });

  test.each<View>([
    { account: "111122223333", check: undefined, group: "none" },
    { account: undefined, check: "idle_database", group: "account" },
    { account: "444455556666", check: "old_snapshot", group: "check" },
  ])("comes back as it went: %o", (view) => {
    expect(viewOf(queryOf(view))).toEqual(view);
  });

  test("what makes no sense is left out", () => {
    const query = { account: "12", check: "<script>", group: "colour" };
    expect(viewOf(query)).toEqual(EVERYTHING);
    expect(viewOf({ account: ["111122223333", "444455556666"] })).toEqual(EVERYTHING);
  });
});
