import assert from "node:assert/strict";
import { argumentBytes, environmentBytes, environmentTexts } from "../../../engine/launch/words.ts";

/** Bytes of a text whose characters stand for them. */
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const text = (list: readonly Uint8Array[]) => list.map((word) => String.fromCharCode(...word));

Deno.test("the command's words are the last of ior's own, byte for byte", () => {
  const own = ["ior", "trace", "--", "cat", "caf\xe9", "\xef\xbb\xbfmark"].map(bytes);
  assert.deepEqual(text(argumentBytes(["cat", "caf\ufffd", "\ufeffmark"], own)), text(own.slice(3)));
});

Deno.test("words that are not ior's own are text", () => {
  const own = ["ior", "trace", "caf\xe9"].map(bytes);
  assert.deepEqual(text(argumentBytes(["caf\u00e9"], own)), ["caf\xc3\xa9"]);
  assert.deepEqual(text(argumentBytes(["a", "b", "c", "d"], own)), ["a", "b", "c", "d"]);
});

Deno.test("variables keep bytes, order and doubles, but for those that are changed", () => {
  const own = ["A=\xe9", "HOME=/root", "n\xe9=1", "D=1", "D=2", "GONE=x", "=odd=1", "bare"].map(bytes);
  const changed = environmentBytes(
    own,
    ({ GONE: _, ...texts }) => ({ ...texts, HOME: "/home/ad\u00e9", NEW: "" }),
  );
  assert.deepEqual(text(changed), [
    "A=\xe9",
    "n\xe9=1",
    "D=1",
    "D=2",
    "=odd=1",
    "bare",
    "HOME=/home/ad\xc3\xa9",
    "NEW=",
  ]);
  assert.equal(environmentTexts(own).HOME, "/root");
});
