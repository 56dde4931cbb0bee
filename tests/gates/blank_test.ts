import assert from "node:assert/strict";
import { blank } from "./blank.ts";

const cases: [name: string, source: string, withStrings: string, code: string][] = [
  ["line comments go", "a // b\nc", "a     \nc", "a     \nc"],
  ["block comments go, line breaks stay", 'a /* b\n"c */ d', "a     \n      d", "a     \n      d"],
  ["comment signs in strings are text", '"//" + x', '"//" + x', '"  " + x'],
  ["escaped quotes do not end a string", String.raw`"a\"b" c`, String.raw`"a\"b" c`, '"    " c'],
  [
    "expressions of a template stay",
    "`a ${b /* c */ + `d${e}`} f` // g",
    "`a ${b         + `d${e}`} f`     ",
    "`  ${b         + ` ${e}`}  `     ",
  ],
  [
    "braces inside a template expression are counted",
    "`${ {a: {}} } x`",
    "`${ {a: {}} } x`",
    "`${ {a: {}} }  `",
  ],
  [
    "a quote in a regular expression opens nothing",
    "f(/[\"/]/g, '//')",
    "f(/[\"/]/g, '//')",
    "f(       , '  ')",
  ],
  ["a division is no regular expression", 'a / b; "c" / d', 'a / b; "c" / d', 'a / b; " " / d'],
];

for (const [name, source, withStrings, code] of cases) {
  Deno.test(`blank: ${name}`, () => {
    assert.equal(blank(source, { strings: false }), withStrings);
    assert.equal(blank(source, { strings: true }), code);
  });
}

Deno.test("blank: a source that ends inside a token ends the scan", () => {
  for (const source of ["/* a", '"a', "`a ${b", "`a", "a /"]) {
    assert.equal(blank(source, { strings: false }).length, source.length);
  }
});
