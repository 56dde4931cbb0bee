/** The view knows what a trace publishes, and nothing of the engine that does. */
import assert from "node:assert/strict";
import { importsOf } from "../../gates/imports.ts";
import { readTree, type TextFile } from "../../gates/tree.ts";

const TYPE_IMPORT = /^(?:import|export) type \{[^}]*\} from "[^"]*";$/gm;

/** Modules that a folder loads, at any depth; types are none. */
function reached(files: readonly TextFile[], folder: string): TextFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const found = new Set<string>();
  const visit = (path: string) => {
    const file = byPath.get(path);
    if (file === undefined || found.has(path)) return;
    found.add(path);
    for (const { target } of importsOf({ ...file, text: file.text.replace(TYPE_IMPORT, "") })) {
      if (target !== null) visit(target);
    }
  };
  for (const { path } of files) if (path.startsWith(folder)) visit(path);
  return [...found].map((path) => byPath.get(path)!);
}

/** Modules of the engine and of the kernel side among them that have a class or start anything. */
function engineFaults(files: readonly TextFile[]): string[] {
  return reached(files, "cli/top/")
    .filter(({ path }) => /^(?:engine|bpf)\//.test(path))
    .filter(({ text }) => /^export (?:abstract )?class |\bnew Worker\b|\bDeno\b/m.test(text))
    .map(({ path }) => path);
}

Deno.test("The view reaches no class of the engine", () => {
  const files = readTree();
  assert.deepEqual(engineFaults(files), []);
  const paths = reached(files, "cli/top/").map(({ path }) => path);
  assert.ok(paths.includes("cli/top/views/stream.ts") && paths.includes("cli/text/width.ts"));
});

Deno.test("A class of the engine in the graph is found, and a type is none", () => {
  const engine = { path: "engine/a.ts", text: "export class A {}" };
  const between = { path: "cli/text/b.ts", text: 'import { A } from "../../engine/a.ts";' };
  const view = { path: "cli/top/c.ts", text: 'import { b } from "../text/b.ts";' };
  assert.deepEqual(engineFaults([engine, between, view]), ["engine/a.ts"]);
  const typed = { ...between, text: 'import type { A } from "../../engine/a.ts";' };
  assert.deepEqual(engineFaults([engine, typed, view]), []);
});
