import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { isProduct, readTree, type TextFile, topFolder } from "./tree.ts";

/**
 * What the files of a folder may load: folders of the project, and packages by the start of their specifier.
 * Imports point one way, and the contract imports nothing.
 */
const MAY_LOAD: Record<string, { folders: string[]; packages: string[] }> = {
  runtime: { folders: ["runtime"], packages: [] },
  // lib has no modules, and is not in a checkout: a packed ior has its libbpf there.
  bpf: { folders: ["bpf", "runtime", "lib"], packages: ["node:"] },
  engine: {
    // launch has no modules: the engine starts its program.
    folders: ["engine", "bpf", "runtime", "launch"],
    packages: ["node:"],
  },
  cli: { folders: ["cli", "engine", "runtime", "schema"], packages: ["node:"] },
  // mod.ts, the door of the library.
  ".": { folders: ["runtime", "bpf", "engine"], packages: [] },
};

/** Files of the root that the product may read: the program's own version stands there. */
const ROOT_FILES = ["deno.json"];

function layeringFaults(files: TextFile[]): string[] {
  return files.filter(isProduct).flatMap((file) => {
    const folder = topFolder(file.path);
    const { folders, packages } = MAY_LOAD[folder];
    return importsOf(file).filter(({ specifier, target }) =>
      target === null
        ? !packages.some((name) => /[:@]$/.test(name) ? specifier.startsWith(name) : specifier === name)
        : !folders.includes(topFolder(target)) && !ROOT_FILES.includes(target)
    ).map(({ specifier, line }) =>
      `${file.path}:${line} loads ${specifier}; ${folder} may load ${[...folders, ...packages].join(", ")}`
    );
  });
}

Deno.test("Imports point one way", () => {
  assert.deepEqual(layeringFaults(readTree()), []);
});

const planted: [path: string, text: string][] = [
  ["runtime/a.ts", 'import { b } from "../engine/b.ts";'],
  ["runtime/a.ts", 'import { readFile } from "node:fs";'],
  ["bpf/a.ts", 'import type { B } from "../engine/b.ts";'],
  ["bpf/ffi/a.ts", 'export * from "../../cli/b.ts";'],
  ["engine/a.ts", 'new Worker(new URL("../cli/b.ts", import.meta.url), { type: "module" });'],
  ["engine/a.ts", 'const b = await import("../tests/b.ts");'],
  ["engine/a.ts", 'let b: import("../cli/b.ts").B;'],
  ["engine/a.ts", 'import {\n  b, // a comment, "quoted"\n} from "npm:other@1";'],
  ["cli/a.ts", 'import "../bpf/b.ts";'],
  ["cli/a.ts", 'import { x } from "commander";'],
  ["mod.ts", 'export { run } from "./cli/main.ts";'],
];

for (const [path, text] of planted) {
  Deno.test(`The layering gate finds in ${path}: ${text.replaceAll("\n", " ")}`, () => {
    assert.equal(layeringFaults([{ path, text }]).length, 1);
  });
}

Deno.test("The layering gate leaves legal imports and examples in comments alone", () => {
  const files = [
    { path: "engine/a.ts", text: '// import "../cli/b.ts";\nimport { b } from "../bpf/b.ts";' },
    {
      path: "cli/a.ts",
      text: 'import { parseArgs } from "node:util";\nimport meta from "../deno.json" with { type: "json" };',
    },
    { path: "tests/a.ts", text: 'import { b } from "../cli/b.ts";' },
  ];
  assert.deepEqual(layeringFaults(files), []);
});
