import assert from "node:assert/strict";
import { compileRegex, RegexError } from "../../../runtime/expression/mod.ts";
import { draws } from "./draw.ts";

Deno.test("A regular expression matches what the runtime's own does", () => {
  const { whole, pick } = draws();
  const atom = (depth: number): string => {
    const plain = [
      "a",
      "b",
      "c",
      "/",
      ".",
      "\\.",
      "\\w",
      "\\D",
      "\\s",
      "[ab]",
      "[^a]",
      "[a-c/]",
      "[\\d-]",
      "\\x61",
    ];
    return depth === 0 || whole(3) > 0 ? pick(plain) : `${pick(["(", "(?:"])}${choice(depth - 1)})`;
  };
  const piece = (depth: number): string =>
    whole(8) === 0
      ? pick(["^", "$", "\\b", "\\B"])
      : atom(depth) + pick(["", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?"]);
  const sequence = (depth: number): string => Array.from({ length: whole(4) }, () => piece(depth)).join("");
  const choice = (depth: number): string =>
    Array.from({ length: 1 + whole(2) }, () => sequence(depth)).join("|");
  for (let round = 0; round < 4000; round++) {
    const text = choice(2);
    // Without dotAll, which changes nothing for names of one line: V8 finds no match of /.*?c^|a/s in "a".
    const expected = new RegExp(text, "u");
    const matches = compileRegex(text);
    for (let i = 0; i < 5; i++) {
      const name = Array.from(
        { length: whole(7) },
        () => pick(["a", "b", "c", "d", "/", ".", " ", "é", "1"]),
      ).join("");
      assert.equal(matches(name), expected.test(name), `${text} on ${JSON.stringify(name)}`);
    }
  }
});

Deno.test("Matching takes time linear in the text, where an engine that backtracks would not end", () => {
  const text = "a".repeat(4000);
  for (const expression of ["^(a+)+$", "^(a|aa)*b", "(a*)*b", "(.*)*x", "^(a?){500}a{500}$"]) {
    assert.equal(compileRegex(expression)(`${text}!`), false, expression);
  }
});

Deno.test("Counts of nothing take no time, however they nest", () => {
  assert.equal(compileRegex(`a${"(".repeat(20)}${"){9999}".repeat(20)}b`)("ab"), true);
});

Deno.test("A character is a code point", () => {
  assert.equal(compileRegex("^.$")("😀"), true);
  assert.equal(compileRegex("^[😀-😂]$")("😁"), true);
});

Deno.test("Case counts unless it is ignored, and then for ASCII letters only", () => {
  assert.equal(compileRegex("Read")("read"), false);
  assert.equal(compileRegex("^R[A-E]ad$", { ignoreCase: true })("rEAD"), true);
  assert.equal(compileRegex("k", { ignoreCase: true })("\u212a"), false);
});

Deno.test("What cannot be matched in linear time, and what is no expression, is refused with the reason", () => {
  const reasons: Record<string, RegExp> = {
    "(a)\\1": /back references/,
    "\\k<n>": /back references/,
    "(?=a)": /look-around/,
    "(?<!a)b": /look-around/,
    "(?<n>a)": /named groups/,
    "(a": /not closed/,
    "a)": /closes nothing/,
    "[a": /not closed/,
    "[b-a]": /out of order/,
    "[[:alpha:]]": /named classes/,
    "*a": /repeats nothing/,
    "a**": /repetition/,
    "^*": /anchor/,
    "a{3,1}": /out of order/,
    "a{9999}": /steps/,
    "((a{99}){99}){99}": /steps/,
    "\\pL": /not supported/,
    "\\": /backslash/,
    "\\xg1": /hexadecimal/,
    ["(".repeat(99)]: /nest deeper/,
  };
  for (const [text, message] of Object.entries(reasons)) {
    assert.throws(
      () => compileRegex(text),
      (error) => error instanceof RegexError && message.test(error.message),
      text,
    );
  }
});
