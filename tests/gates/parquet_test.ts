import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { readTree, type TextFile } from "./tree.ts";

const WING = "engine/parquet/";

/** The wing of Parquet knows the format and nothing of ior: what it loads is its own, or the platform's. */
function wingFaults(files: TextFile[]): string[] {
  return files.filter(({ path }) => path.startsWith(WING)).flatMap((file) =>
    importsOf(file).filter(({ specifier, target }) =>
      target === null ? !specifier.startsWith("node:") : !target.startsWith(WING)
    ).map(({ specifier, line }) => `${file.path}:${line} loads ${specifier}`)
  );
}

Deno.test("The wing of Parquet loads nothing of ior and no package", () => {
  const files = readTree();
  assert.ok(files.some(({ path }) => path.startsWith(WING)));
  assert.deepEqual(wingFaults(files), []);
});

for (
  const text of [
    'import { b } from "../recording/columns.ts";',
    'import type { b } from "../../runtime/errors.ts";',
    'export { b } from "npm:hyparquet@1.31.5";',
  ]
) {
  Deno.test(`The gate of the wing finds: ${text}`, () => {
    assert.equal(wingFaults([{ path: `${WING}a.ts`, text }]).length, 1);
  });
}
