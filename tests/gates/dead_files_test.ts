import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { isProduct, readTree, type TextFile } from "./tree.ts";

/** Where the product begins. */
const ENTRIES = ["cli/main.ts", "mod.ts"];

/**
 * Files of the product that nothing reaches from its entries (imports, types and workers included), and files that
 * are named and do not exist. What only a test imports is dead.
 */
function deadFileFaults(files: TextFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const faults: string[] = [];
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    const file = byPath.get(path);
    if (!file || !path.endsWith(".ts")) return;
    for (const { target } of importsOf(file)) if (target) visit(target);
  };
  ENTRIES.forEach(visit);
  for (const file of files.filter(isProduct)) {
    if (!reached.has(file.path)) faults.push(`${file.path} is reached from no entry`);
    for (const { target, line } of importsOf(file)) {
      if (target?.endsWith(".ts") && !byPath.has(target)) {
        faults.push(`${file.path}:${line} names ${target}, which does not exist`);
      }
    }
  }
  for (const entry of ENTRIES) if (!byPath.has(entry)) faults.push(`The entry ${entry} does not exist`);
  return faults;
}

Deno.test("Every file of the product is in use", () => {
  assert.deepEqual(deadFileFaults(readTree()), []);
});

const LIVE = [
  { path: "mod.ts", text: 'export { a } from "./runtime/a.ts";' },
  { path: "cli/main.ts", text: 'import { b } from "../engine/b.ts";' },
  { path: "engine/b.ts", text: 'new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });' },
  { path: "engine/worker.ts", text: 'import type { A } from "../runtime/a.ts";' },
  { path: "runtime/a.ts", text: "" },
];

Deno.test("The dead file gate follows re-exports, types and workers", () => {
  assert.deepEqual(deadFileFaults(LIVE), []);
});

Deno.test("The dead file gate finds a file that only its test imports", () => {
  const files = [
    ...LIVE,
    { path: "engine/c.ts", text: "" },
    { path: "tests/engine/c_test.ts", text: 'import "../../engine/c.ts";' },
  ];
  assert.deepEqual(deadFileFaults(files), ["engine/c.ts is reached from no entry"]);
});

Deno.test("The dead file gate finds a worker that does not exist", () => {
  const files = LIVE.filter(({ path }) => path !== "engine/worker.ts");
  assert.deepEqual(deadFileFaults(files), ["engine/b.ts:1 names engine/worker.ts, which does not exist"]);
});

Deno.test("The dead file gate finds a missing entry", () => {
  assert.ok(deadFileFaults([]).includes("The entry cli/main.ts does not exist"));
});
