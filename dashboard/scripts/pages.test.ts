import { describe, expect, it } from "vitest";
import { inlined, scriptsOf } from "./pages.ts";

describe("scriptsOf", () => {
  it("gives what is loaded, but not what only old browsers load", () => {
    const html = `<script src="/a.js" defer=""></script><script noModule="" src="/old.js"></script>
      <script id="__NEXT_DATA__" type="application/json">{}</script>`;
    expect(scriptsOf(html)).toEqual(["/a.js"]);
  });
});

describe("inlined", () => {
  it("finds nothing in a page that loads all it needs", () => {
    const html = `<script src="/a.js"></script><script type="application/json">{}</script><p class="x">on="</p>`;
    expect(inlined(html)).toEqual([]);
  });

  it.each([
    `<script>alert(1)</script>`,
    `<script id="x">1</script>`,
    `<button onclick="go()">Go</button>`,
    `<style>p{}</style>`,
    `<p style="color:red">red</p>`,
  ])("finds %s", (html) => {
    expect(inlined(html)).toHaveLength(1);
  });
});
