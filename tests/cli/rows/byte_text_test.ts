import assert from "node:assert/strict";
import { ByteText } from "../../../cli/rows/mod.ts";
import { random, testSeed } from "../../engine/batches.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("Integers are decimal, of every length and sign, beyond what a number holds too", () => {
  const out = new ByteText();
  const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
  const values = [
    0,
    ...powers,
    ...powers.map((power) => power - 1),
    Number.MAX_SAFE_INTEGER,
    2 ** 31,
    2 ** 32,
  ];
  for (const value of [...values, ...values.map((value) => -value), 2n ** 63n - 1n, -(2n ** 63n)]) {
    out.integer(value);
    // Minus zero is zero.
    assert.equal(decode(out.take()), String(value));
  }
});

Deno.test("Random integers and texts are what a string of them would be, whatever the buffer has to grow", () => {
  const next = random(testSeed());
  for (let round = 0; round < 50; round++) {
    const out = new ByteText();
    let wanted = "";
    for (let i = 0; i < 2_000; i++) {
      const integer = Math.floor((next() - 0.3) * 10 ** Math.floor(16 * next()));
      out.integer(integer);
      const text = "aé名😀".slice(0, Math.floor(6 * next())).repeat(Math.floor(40 * next())).toWellFormed();
      if (next() < 0.5) out.text(text);
      else out.bytes(new TextEncoder().encode(text));
      const ns = Math.floor(1e9 * next());
      out.nineDigits(ns);
      out.byte(0x0a);
      wanted += `${integer}${text}${String(ns).padStart(9, "0")}\n`;
    }
    assert.equal(out.length, new TextEncoder().encode(wanted).length);
    assert.equal(decode(out.take()), wanted);
    assert.equal(out.length, 0);
  }
});

Deno.test("What was taken stays as it is when the next text is written", () => {
  const out = new ByteText();
  out.text("first");
  const taken = out.take();
  // Pieces wait for a slow reader by the thousand.
  assert.equal(taken.buffer.byteLength, taken.length);
  out.text("second");
  assert.equal(decode(taken), "first");
  assert.equal(decode(out.take()), "second");
});
