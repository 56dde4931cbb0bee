/** Plants what the fuzzers are there to find. */
import assert from "node:assert/strict";
import { IorError } from "../../runtime/errors.ts";
import { fuzz } from "./fuzz.ts";
import type { Target } from "./target.ts";

const TARGET: Target<string> = {
  seconds: 1,
  make: ({ whole }) => String(whole(100)),
  read: (text) => text.length,
  mostMs: { few: 1_000, perKilobyte: 0 },
  mostBytes: { few: 2, perByte: 0 },
};

async function found(read: Target<string>["read"], members: Partial<Target<string>> = {}): Promise<string> {
  const target = { ...TARGET, ...members, read } as unknown as Target;
  const { finding } = await fuzz(target, 7, 200);
  if (finding === null) return "nothing";
  const again = await fuzz(target, finding.seed, 0);
  assert.deepEqual([again.inputs, again.finding?.input], [1, finding.input], "its seed makes it at once");
  return finding.what;
}

Deno.test("A reader that gives values or refuses is left alone", async () => {
  const refuse = () => {
    throw new IorError("usage", "Cannot read it");
  };
  assert.equal(await found((text) => text.length), "nothing");
  assert.equal(await found(refuse), "nothing");
});

Deno.test("Another error is found, also behind one of ours", async () => {
  const fail = (text: string): number => {
    if (text.startsWith("4")) throw new TypeError("x is undefined");
    return 0;
  };
  assert.match(await found(fail), /it throws TypeError: x is undefined/);
  const hide = (text: string): number => {
    try {
      return fail(text);
    } catch (cause) {
      throw new IorError("runtime", "Cannot read it", { cause });
    }
  };
  assert.match(await found(hide), /an accident is behind "Cannot read it": TypeError/);
});

Deno.test("A sentence of the runtime in a message is found", async () => {
  const repeat = () => {
    throw new IorError("runtime", "Cannot read it: Unexpected token x");
  };
  assert.match(await found(repeat), /its message has the runtime's "Unexpected token"/);
});

Deno.test("Too much memory, time and text are found", async () => {
  assert.match(await found(() => 3), /bytes become 3, 2 at most/);
  assert.match(
    await found(() => 0, { mostMs: { few: -1, perKilobyte: 0 } }),
    /it takes [\d.]+ ms, -1.0 at most/,
  );
  const shout = () => {
    throw new IorError("usage", `Cannot read ${"x".repeat(5_000)}`);
  };
  assert.match(await found(shout), /its message is Cannot read x/);
});
