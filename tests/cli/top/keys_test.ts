import assert from "node:assert/strict";
import { type Input, KeyDecoder } from "../../../cli/top/keys.ts";
import { random, testSeed } from "../../engine/batches.ts";

const encoder = new TextEncoder();

/** Inputs as short texts. */
const shown = (inputs: readonly Input[]) =>
  inputs.map((input) =>
    input.kind === "key"
      ? input.key
      : input.kind === "wheel"
      ? `wheel ${input.up ? "up" : "down"}`
      : `click ${input.column},${input.row}`
  );

const decode = (text: string) => shown(new KeyDecoder().decode(encoder.encode(text)));

const CASES: readonly [string, string[]][] = [
  ["aZ5?/ ", ["a", "Z", "5", "?", "/", " "]],
  ["ü表🙂", ["ü", "表", "🙂"]],
  ["\x03\x1a\x0c\x00", ["ctrl-c", "ctrl-z", "ctrl-l", "ctrl-space"]],
  ["\r\n\t\x7f\x08", ["enter", "enter", "tab", "backspace", "backspace"]],
  ["\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]],
  ["\x1bOA\x1bOB\x1bOP\x1b[11~", ["up", "down", "f1", "f1"]],
  ["\x1b[5~\x1b[6~\x1b[3~\x1b[H\x1b[F\x1b[1~\x1b[4~", [
    "page-up",
    "page-down",
    "delete",
    "home",
    "end",
    "home",
    "end",
  ]],
  ["\x1b[Z", ["shift-tab"]],
  ["\x1b[1;5A", ["up"]],
  ["\x1b[<64;5;6M\x1b[<65;5;6M", ["wheel up", "wheel down"]],
  ["\x1b[<0;12;3M\x1b[<0;12;3m", ["click 11,2"]],
  ["\x1b[<2;1;1M\x1b[<32;1;1M", []],
  ["\x1b[200~x\x1b[?1;2c", ["x"]],
  ["\x1bx", ["escape", "x"]],
];

for (const [text, wanted] of CASES) {
  Deno.test(`A terminal's ${JSON.stringify(text)} is ${wanted.join(" ") || "nothing"}`, () => {
    assert.deepEqual(decode(text), wanted);
  });
}

Deno.test("Input in parts is the same as input at once", () => {
  const next = random(testSeed());
  for (const [text, wanted] of CASES) {
    const bytes = encoder.encode(text);
    const decoder = new KeyDecoder();
    const inputs: Input[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + 1 + Math.floor(next() * 3));
      inputs.push(...decoder.decode(bytes.subarray(at, end)));
      at = end;
    }
    assert.deepEqual(shown(inputs), wanted);
  }
});

Deno.test("An escape that nothing follows is the Escape key, once nothing more is waited for", () => {
  const decoder = new KeyDecoder();
  assert.deepEqual(decoder.decode(encoder.encode("\x1b")), []);
  assert.ok(decoder.isWaiting);
  assert.deepEqual(shown(decoder.flush()), ["escape"]);
  assert.ok(!decoder.isWaiting);
  assert.deepEqual(shown(decoder.decode(encoder.encode("q"))), ["q"]);
});

Deno.test("A sequence that never ends is given up", () => {
  const inputs = decode(`\x1b[${"1;".repeat(100)}`);
  assert.equal(inputs[0], "escape");
});
