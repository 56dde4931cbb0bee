import assert from "node:assert/strict";
import { errorFromData, errorToData, IorError } from "../../runtime/errors.ts";

Deno.test("an error carries its code, hint, detail and cause", () => {
  const cause = new Error("deeper");
  const error = new IorError("usage", "Cannot do it", { hint: "Do another", detail: "log", cause });
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.code, error.message, error.hint, error.detail, error.cause],
    ["IorError", "usage", "Cannot do it", "Do another", "log", cause],
  );
  const bare = new IorError("runtime", "Cannot");
  assert.deepEqual([bare.hint, bare.detail, bare.cause], [undefined, undefined, undefined]);
});

Deno.test("an error comes through a message between workers with all that users see", () => {
  const error = new IorError("unsupported", "Cannot", {
    excerpt: { text: "t", column: 1 },
    hint: "h",
    reason: "ring_refused",
    detail: "d",
    cause: new Error("c"),
  });
  const data = structuredClone(errorToData(error));
  assert.deepEqual(data, {
    code: "unsupported",
    message: "Cannot",
    excerpt: { text: "t", column: 1 },
    hint: "h",
    reason: "ring_refused",
    detail: "d",
  });
  const rebuilt = errorFromData(data);
  assert.ok(rebuilt instanceof IorError);
  assert.deepEqual(errorToData(rebuilt), data);
});

Deno.test("any other error is a runtime error with its stack", () => {
  const error = new TypeError("broken");
  const data = errorToData(error);
  assert.deepEqual([data.code, data.message, data.hint], ["runtime", "broken", undefined]);
  assert.equal(data.detail, error.stack);
});

Deno.test("what is thrown and is no error is told as its text", () => {
  for (const [thrown, text] of [["words", "words"], [undefined, "undefined"], [7, "7"], [null, "null"]]) {
    assert.deepEqual(errorToData(thrown), { code: "runtime", message: text });
  }
});
