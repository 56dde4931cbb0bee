import assert from "node:assert/strict";
import { blank } from "./blank.ts";
import { isProduct, isTest, matches, readTree, type TextFile } from "./tree.ts";

/** Names that only some files may use. */
interface NameRule {
  rule: string;
  names: RegExp;
  applies: (file: TextFile) => boolean;
}

const RULES: NameRule[] = [
  {
    rule: "memory and foreign functions are touched in bpf/ffi only",
    names: /\b(?:dlopen|Unsafe(?:Pointer|PointerView|FnPointer|Callback)\w*)\b/g,
    applies: (file) => isProduct(file) && !file.path.startsWith("bpf/ffi/"),
  },
  {
    rule: "only cli prints and ends the process",
    names:
      /\bconsole\b|\bDeno\s*\.\s*(?:exit|exitCode|stdout|stderr)\b|\bprocess\s*\.\s*(?:exit|exitCode|stdout|stderr)\b/g,
    applies: (file) => isProduct(file) && !file.path.startsWith("cli/"),
  },
  {
    rule: "tests wait for a condition, with waitFor of tests/wait.ts",
    names: /\bsetTimeout\b|\bsetInterval\b|\bAtomics\s*\.\s*wait\b|\btimers\b|\bsleep(?:Sync)?\s*\(/g,
    applies: (file) => isTest(file) && file.path !== "tests/wait.ts" && !file.path.startsWith("tests/bench/"),
  },
];

function nameFaults(files: TextFile[]): string[] {
  return RULES.flatMap(({ rule, names, applies }) =>
    files.filter(applies).flatMap((file) =>
      matches(file.path, blank(file.text, { strings: true }), names)
        .map(({ where, found }) => `${where} uses ${found}: ${rule}`)
    )
  );
}

Deno.test("Unsafe names, console, exits and sleeps stay in their places", () => {
  assert.deepEqual(nameFaults(readTree()), []);
});

const planted: [path: string, text: string][] = [
  ["bpf/a.ts", 'Deno.dlopen("libc.so.6", {});'],
  ["engine/a.ts", "const { dlopen } = Deno;"],
  ["cli/a.ts", "`${new Deno.UnsafePointerView(p)}`;"],
  ["engine/a.ts", "console.log(1);"],
  ["bpf/a.ts", "Deno.exit(1);"],
  ["runtime/a.ts", "Deno.stdout.writeSync(bytes);"],
  ["engine/a.ts", "process.exitCode = 1;"],
  ["tests/engine/a_test.ts", "await new Promise((done) => setTimeout(done, 100));"],
  ["tests/kernel/a_test.ts", "Atomics.wait(cell, 0, 0, 100);"],
  ["tests/golden.ts", "await timers.scheduler.wait(5);"],
];

for (const [path, text] of planted) {
  Deno.test(`The name gate finds in ${path}: ${text}`, () => {
    assert.equal(nameFaults([{ path, text }]).length, 1);
  });
}

Deno.test("The name gate leaves the right places, comments and strings alone", () => {
  const files = [
    { path: "bpf/ffi/a.ts", text: "Deno.dlopen(path, {});" },
    { path: "cli/a.ts", text: "console.log(1); Deno.exit(0);" },
    {
      path: "engine/a.ts",
      text: '/** See {@linkcode Deno.dlopen}. */ const a = "Deno.exit"; setTimeout(a, 1);',
    },
    { path: "tests/wait.ts", text: "setTimeout(resolve, 5);" },
  ];
  assert.deepEqual(nameFaults(files), []);
});
