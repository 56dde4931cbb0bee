import assert from "node:assert/strict";
import { IorError } from "../../../runtime/errors.ts";
import { nearest, parseExpression } from "../../../runtime/expression/mod.ts";

Deno.test("A long word is not compared letter by letter with names that cannot be near", () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `name${i}`);
  const word = "x".repeat(100_000); // compared with every name it would take half a minute
  const start = performance.now();
  assert.equal(nearest(word, names), null);
  assert.ok(performance.now() - start < 2_000);
  assert.equal(nearest("nam9", names), "name9");
});

Deno.test("A call's number is one that a row can have, and reads back as it was written", () => {
  const parse = (text: string) => parseExpression({ option: "--where", text, example: "failed" });
  assert.deepEqual(parse("syscall = 007777"), {
    kind: "text",
    field: "syscall",
    operator: "=",
    values: ["7777"],
  });
  assert.throws(() => parse(`syscall = ${"9".repeat(25)}`), IorError);
});
