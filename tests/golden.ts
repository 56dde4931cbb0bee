/**
 * Golden files: expected output kept under `tests/golden`, compared byte for byte. `GOLDEN_BLESS=1` writes them, and
 * is the only thing that does; a missing golden fails.
 */
import assert from "node:assert/strict";

const FOLDER = new URL("./golden/", import.meta.url);

/**
 * Asserts that `text` is exactly the golden file `path` (relative to `tests/golden`). With the environment variable
 * `GOLDEN_BLESS=1` the file is written instead. Throws an `AssertionError` when it differs or does not exist.
 */
export function assertGolden(path: string, text: string): void {
  const url = new URL(path, FOLDER);
  if (Deno.env.get("GOLDEN_BLESS") === "1") {
    Deno.mkdirSync(new URL(".", url), { recursive: true });
    Deno.writeTextFileSync(url, text);
    return;
  }
  assert.equal(text, readGolden(url, path), `The output differs from tests/golden/${path}`);
}

function readGolden(url: URL, path: string): string {
  try {
    return Deno.readTextFileSync(url);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    assert.fail(
      `There is no golden file tests/golden/${path}; GOLDEN_BLESS=1 writes it from the present output`,
    );
  }
}
