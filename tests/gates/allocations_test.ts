import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/**
 * Most bytes that a part may leave to the garbage collector per thousand rows, when no name is new: an object of each row is
 * 16,000 at least. The trie has to walk to the node of a stack whose place in its cache another one has taken.
 */
const MOST_BYTES: Record<string, number> = {
  decoder: 3_000,
  stats: 3_000,
  trie: 30_000,
  csv: 3_000,
  ndjson: 3_000,
};

/** No collection while it measures, and compiled code when it is asked for and not when a core is free. */
const FLAGS = "--min-semi-space-size=256,--max-semi-space-size=256,--no-concurrent-recompilation";

function measured(...words: string[]): Record<string, number> {
  const program = fileURLToPath(new URL("./measure_allocations.ts", import.meta.url));
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "--quiet", `--v8-flags=${FLAGS}`, program, ...words],
  }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("Decoder, statistics, trie and lines leave next to nothing of a row to the garbage collector", () => {
  const allocated = measured();
  console.log(`bytes per thousand rows: ${JSON.stringify(allocated)}`);
  assert.deepEqual(Object.keys(allocated).sort(), Object.keys(MOST_BYTES).sort());
  for (const [part, bytes] of Object.entries(allocated)) {
    assert.ok(bytes <= MOST_BYTES[part], `${part} allocates ${bytes} bytes per thousand rows`);
  }
});

Deno.test("The gate finds an object of each row in every part", () => {
  for (const [part, bytes] of Object.entries(measured("planted"))) {
    assert.ok(bytes > MOST_BYTES[part], `${part} with an object of each row: ${bytes} bytes`);
  }
});
