import assert from "node:assert/strict";
import { environmentBytes, environmentTexts, exactWords } from "../../../engine/launch/words.ts";

/** Bytes of a text whose characters stand for them. */
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const text = (list: readonly Uint8Array[]) => list.map((word) => String.fromCharCode(...word));

Deno.test("the words are the last of the process's own, byte for byte", () => {
  const own = ["deno", "main.ts", "cat", "caf\xe9", "\xef\xbb\xbfmark"].map(bytes);
  assert.deepEqual(exactWords(["cat", "caf\ufffd", "\ufeffmark"], own), ["cat", "caf\udce9", "\ufeffmark"]);
});

Deno.test("words that are not the process's own stay as they are", () => {
  const own = ["ior", "trace", "caf\xe9"].map(bytes);
  assert.deepEqual(exactWords(["caf\u00e9"], own), ["caf\u00e9"]);
  assert.deepEqual(exactWords(["a", "b", "c", "d"], own), ["a", "b", "c", "d"]);
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
