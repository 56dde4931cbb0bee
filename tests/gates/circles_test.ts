import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { isProduct, readTree, type TextFile } from "./tree.ts";

/**
 * Circles among the parts of each folder, the root included. A part is a file of the folder, or a folder in it with all that
 * is below. What a part loads is above it, so a circle is an arrow back up.
 */
function circles(files: TextFile[]): string[] {
  const product = files.filter(isProduct);
  const loads = product.flatMap((file) =>
    importsOf(file).filter(({ target }) => target?.endsWith(".ts")).map(({ target }) => [file.path, target!])
  );
  const folders = new Set(product.flatMap(({ path }) => foldersOf(path)));
  return [...folders].sort().flatMap((folder) => {
    const graph = new Map<string, Map<string, string>>();
    for (const [from, to] of loads) {
      const [part, loaded] = [partOf(folder, from), partOf(folder, to)];
      if (part === null || loaded === null || part === loaded) continue;
      if (!graph.has(part)) graph.set(part, new Map());
      graph.get(part)!.set(loaded, `${from} loads ${to}`);
    }
    return circlesOf(graph);
  });
}

/** The folders that hold a file, from the root, which is the empty text. */
function foldersOf(path: string): string[] {
  const steps = path.split("/").slice(0, -1);
  return steps.map((_, depth) => steps.slice(0, depth + 1).join("/")).concat("");
}

/** The file or folder directly in `folder` that is or holds `path`; `null` for what is elsewhere. */
function partOf(folder: string, path: string): string | null {
  const prefix = folder === "" ? "" : `${folder}/`;
  if (!path.startsWith(prefix)) return null;
  const rest = path.slice(prefix.length);
  return prefix + rest.split("/")[0];
}

/** Every circle that a walk meets, as the imports that make it. */
function circlesOf(graph: Map<string, Map<string, string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (part: string, trail: string[]) => {
    const at = trail.indexOf(part);
    if (at >= 0) {
      const round = [...trail.slice(at), part];
      found.push(round.slice(1).map((to, i) => graph.get(round[i])!.get(to)).join(", "));
    } else if (!done.has(part)) {
      for (const next of graph.get(part)?.keys() ?? []) walk(next, [...trail, part]);
      done.add(part);
    }
  };
  for (const part of graph.keys()) walk(part, []);
  return found;
}

Deno.test("No folder has a circle among its parts", () => {
  assert.deepEqual(circles(readTree()), []);
});

const planted: [what: string, files: TextFile[], circles: string[]][] = [
  [
    "two files of one folder, by a type",
    [
      { path: "cli/report/a.ts", text: 'import { b } from "./b.ts";' },
      { path: "cli/report/b.ts", text: 'import type { A } from "./a.ts";' },
    ],
    ["cli/report/a.ts loads cli/report/b.ts, cli/report/b.ts loads cli/report/a.ts"],
  ],
  [
    "two parts of cli, by different files",
    [
      { path: "cli/report/a.ts", text: 'import { b } from "../text/b.ts";' },
      { path: "cli/text/b.ts", text: "" },
      { path: "cli/text/c.ts", text: 'import { d } from "../report/d.ts";' },
      { path: "cli/report/d.ts", text: "" },
    ],
    ["cli/report/a.ts loads cli/text/b.ts, cli/text/c.ts loads cli/report/d.ts"],
  ],
  [
    "a file of engine and a part of it",
    [
      { path: "engine/session.ts", text: 'await import("./stats/engine.ts");' },
      { path: "engine/stats/engine.ts", text: 'import { plan } from "../session.ts";' },
    ],
    ["engine/session.ts loads engine/stats/engine.ts, engine/stats/engine.ts loads engine/session.ts"],
  ],
  [
    "three parts, by a worker",
    [
      { path: "engine/a.ts", text: 'new Worker(new URL("./b/worker.ts", import.meta.url));' },
      { path: "engine/b/worker.ts", text: 'export { c } from "../c/c.ts";' },
      { path: "engine/c/c.ts", text: 'import "../a.ts";' },
    ],
    [
      "engine/a.ts loads engine/b/worker.ts, engine/b/worker.ts loads engine/c/c.ts, engine/c/c.ts loads engine/a.ts",
    ],
  ],
];

for (const [what, files, expected] of planted) {
  Deno.test(`The circle gate finds ${what}`, () => {
    assert.deepEqual(circles(files), expected);
  });
}

Deno.test("The circle gate leaves arrows that point one way alone", () => {
  const files = [
    { path: "cli/main.ts", text: 'import "./report/a.ts";\nimport "./text/b.ts";' },
    { path: "cli/report/a.ts", text: 'import "../text/b.ts";\nimport "./c.ts";' },
    { path: "cli/report/c.ts", text: "" },
    { path: "cli/text/b.ts", text: "" },
  ];
  assert.deepEqual(circles(files), []);
});
