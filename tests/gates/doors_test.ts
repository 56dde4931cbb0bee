import assert from "node:assert/strict";
import { blank } from "./blank.ts";
import { readTree, type TextFile } from "./tree.ts";

const NAMED_REEXPORT = /^export\s+(?:type\s+)?\{[^{}]*\}\s*from\s*(["'])[^"']+\1$/;

/** A `mod.ts` is a door: documentation and named re-exports, nothing that runs when it is imported. */
function doorFaults(files: TextFile[]): string[] {
  return files.filter(({ path }) => path === "mod.ts" || path.endsWith("/mod.ts")).flatMap((file) =>
    blank(file.text, { strings: false }).split(";")
      .map((statement) => statement.trim())
      .filter((statement) => statement !== "" && !NAMED_REEXPORT.test(statement))
      .map((statement) => `${file.path} has more than named re-exports: ${statement.split("\n")[0]}`)
  );
}

Deno.test("Every mod.ts has named re-exports only", () => {
  const files = readTree();
  assert.ok(files.some(({ path }) => path === "mod.ts"), "There is no mod.ts in the root");
  assert.deepEqual(doorFaults(files), []);
});

for (
  const text of [
    "export const a = 1;",
    'export * from "./a.ts";',
    'import "./a.ts";',
    'export { a } from "./a.ts";\nstart();',
  ]
) {
  Deno.test(`The door gate finds: ${text.replaceAll("\n", " ")}`, () => {
    assert.equal(doorFaults([{ path: "engine/mod.ts", text }]).length, 1);
  });
}

Deno.test("The door gate leaves documented re-exports alone", () => {
  const text =
    '/** @module */\nexport { a, type B } from "./a.ts";\n// c\nexport type {\n  D,\n} from "./d.ts";\n';
  assert.deepEqual(doorFaults([{ path: "mod.ts", text }]), []);
});
