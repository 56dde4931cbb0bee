import assert from "node:assert/strict";
import { posix } from "node:path";
import { PRODUCT_FOLDERS, readTree, type TextFile, topFolder } from "./tree.ts";

/** Tests of a folder of the product that lie where the product has no such folder. */
function mirrorFaults(files: TextFile[]): string[] {
  const folders = new Set(files.map(({ path }) => posix.dirname(path)));
  return files.map(({ path }) => path)
    .filter((path) => path.startsWith("tests/") && path.endsWith("_test.ts"))
    .map((path) => ({ path, mirrored: posix.dirname(path.slice("tests/".length)) }))
    .filter(({ mirrored }) => PRODUCT_FOLDERS.some((name) => name === topFolder(`${mirrored}/`)))
    .filter(({ mirrored }) => !folders.has(mirrored))
    .map(({ path, mirrored }) => `${path} tests ${mirrored}, which does not exist`);
}

Deno.test("Tests lie as the product does", () => {
  assert.deepEqual(mirrorFaults(readTree()), []);
});

Deno.test("The mirror gate finds a test of a folder that is not there, and leaves others alone", () => {
  const files = [
    { path: "cli/rows/text.ts", text: "" },
    { path: "tests/cli/rows/text_test.ts", text: "" },
    { path: "tests/cli/lines/text_test.ts", text: "" },
    { path: "tests/kernel/text_test.ts", text: "" },
  ];
  assert.deepEqual(mirrorFaults(files), [
    "tests/cli/lines/text_test.ts tests cli/lines, which does not exist",
  ]);
});
