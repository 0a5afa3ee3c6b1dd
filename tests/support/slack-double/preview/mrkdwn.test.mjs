// What Slack's markup becomes: node --test

import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "./mrkdwn.js";

const of = (kind, ...inside) => ({ kind, inside });

test("marks at the edges of words format", () => {
  assert.deepEqual(parse("*Cost* is _high_, ~low~"), [
    of("bold", "Cost"), " is ", of("italic", "high"), ", ", of("strike", "low"),
  ]);
  assert.deepEqual(parse("*a _b_ c*"), [of("bold", "a ", of("italic", "b"), " c")]);
  assert.deepEqual(parse("*_both_*"), [of("bold", of("italic", "both"))]);
  assert.deepEqual(parse("_snake_case_"), [of("italic", "snake_case")]);
});

test("marks within words and around blanks are what they say", () => {
  for (const text of ["snake_case_name", "4 * 5 * 6", "a*b*c", "* a *", "**", "*", "~ ~"]) {
    assert.deepEqual(parse(text), [text]);
  }
});

test("nothing is formatted in code", () => {
  assert.deepEqual(parse("`*a*` b"), [of("code", "*a*"), " b"]);
  assert.deepEqual(parse("a\n```\n# *stop*\n> x &lt;y&gt;```\nb"), [
    "a", of("pre", "# *stop*\n> x <y>"), "b",
  ]);
  assert.deepEqual(parse("``` open"), ["``` open"]);
});

test("lines stay lines and quotes are put together", () => {
  assert.deepEqual(parse("a\n\n• b"), ["a\n\n• b"]);
  assert.deepEqual(parse("&gt; a\n>b *c*\nd"), [of("quote", "a\nb ", of("bold", "c")), "d"]);
});

test("links lead to the web only", () => {
  assert.deepEqual(parse("<https://a.example/?x=1&amp;y=2|text>"), [
    { kind: "link", to: "https://a.example/?x=1&y=2", inside: ["text"] },
  ]);
  assert.deepEqual(parse("<https://a.example>")[0].inside, ["https://a.example"]);
  assert.deepEqual(parse("<javascript:alert(1)|press>"), ["press"]);
  assert.deepEqual(parse("<data:text/html,x>"), ["data:text/html,x"]);
});

test("mentions are named", () => {
  assert.deepEqual(parse("<@U0ANA> <#C0|cost> <!here>"), [
    of("mention", "@U0ANA"), " ", of("mention", "#cost"), " ", of("mention", "@here"),
  ]);
});

test("escapes are taken back once, and nothing else is HTML", () => {
  assert.deepEqual(parse("&lt;b&gt; &amp;lt; &quot;"), ["<b> &lt; &quot;"]);
  assert.deepEqual(parse("<img src=x onerror=alert(1)>"), ["img src=x onerror=alert(1)"]);
});

test("long and odd texts come to an end", () => {
  const odd = ["*".repeat(40_000), "<".repeat(40_000), "`".repeat(40_001), "*a ".repeat(4_000), "_".repeat(9) + "a"];
  for (const text of odd) assert.ok(Array.isArray(parse(text)));
});
