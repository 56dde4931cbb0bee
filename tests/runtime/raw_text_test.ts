import assert from "node:assert/strict";
import { rawBytes, rawText } from "../../runtime/raw_text.ts";
import { escapeText } from "../../cli/text/escape.ts";
import { random, testSeed } from "../engine/batches.ts";

Deno.test("Text that is UTF-8 is itself", () => {
  for (const text of ["", "/usr", "é", "\ufeffa\ufeff", "\ufffd", "\u{10ffff}", "\u{1f600}x\n"]) {
    assert.equal(rawText(new TextEncoder().encode(text)), text);
  }
});

Deno.test("Bytes that are no UTF-8 are shown each by its number", () => {
  const shown = (...bytes: number[]) => escapeText(rawText(Uint8Array.from(bytes)));
  assert.equal(shown(0x63, 0x61, 0x66, 0xe9), "caf\\351");
  assert.equal(shown(0xe9, 0xe8), "\\351\\350");
  assert.equal(shown(0xef, 0xbf, 0xbd, 0xff), "\ufffd\\377");
  assert.equal(shown(0xe2, 0x82), "\\342\\202");
  assert.equal(shown(0xed, 0xa0, 0x80, 0x2f), "\\355\\240\\200/");
  assert.equal(shown(0xc3, 0xa9), "é");
});

Deno.test("Names that differ in a byte are different texts, in memory and as shown", () => {
  const next = random(testSeed());
  const texts = new Map<string, string>();
  for (let round = 0; round < 5_000; round++) {
    const bytes = Uint8Array.from({ length: 1 + Math.floor(4 * next()) }, () =>
      [
        0x61,
        0x5c,
        0x33,
        0x35,
        0x31,
        0x80 + Math.floor(0x80 * next()),
      ][Math.floor(6 * next())]);
    for (const text of [rawText(bytes), escapeText(rawText(bytes))]) {
      const key = `${text === escapeText(rawText(bytes))} ${text}`;
      assert.equal(texts.get(key) ?? bytes.join(), bytes.join());
      texts.set(key, bytes.join());
    }
  }
});

Deno.test("The text of any bytes has these bytes, and other text those of UTF-8", () => {
  const next = random(testSeed());
  for (let round = 0; round < 2_000; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(8 * next()) }, () => Math.floor(256 * next()));
    assert.deepEqual(rawBytes(rawText(bytes)), bytes);
  }
  assert.deepEqual(rawBytes("a\ud800b"), new TextEncoder().encode("a\ufffdb"));
});
