/** The document of a command is the same whether its calls came as rows or were added up in the kernel. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compile } from "../kernel_lib/compile.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const CELLS_PROGRAM = fileURLToPath(new URL("../kernel_lib/cells.c", import.meta.url));

/** What differs from run to run: moments, durations and what follows from them, and the numbers of processes and pipes. */
const OF_A_RUN = new Set([
  ...["cost", "series", "slowest", "slowest_missing", "advice", "latency", "gap", "running"],
  ...["started", "pid", "tid", "selection", "sampling"],
]);

/** A document, or a part of it, without what is {@linkcode OF_A_RUN}; lists, which are ordered by time, in an order of their own. */
function counted(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/(?<=^\/proc\/|^pipe:\[)\d+/, "N");
  if (Array.isArray(value)) return value.map(counted).map((row) => JSON.stringify(row)).sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !OF_A_RUN.has(key) && !key.endsWith("_ns"))
      .map(([key, part]) => [key, counted(part)]),
  );
}

/** A tree of small files, each of which is read whole. */
function tree(): string {
  const folder = scratchDirectory("tree");
  for (let i = 0; i < 300; i++) {
    const path = `${folder}/${i % 7}/${i % 11}`;
    Deno.mkdirSync(path, { recursive: true });
    Deno.writeTextFileSync(`${path}/${i}`, `${"line\n".repeat(i)}last\n`);
  }
  return folder;
}

async function documentOf(
  command: readonly string[],
  ...options: string[]
): Promise<Record<string, unknown>> {
  const by = ["--by", "comm,syscall", "--by", "file,errno"];
  const { code, stdout, stderr } = await runIor(["trace", "--json", ...by, ...options, "--", ...command]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.slice(stdout.indexOf('{\n  "schema"')));
}

for (
  const [what, command] of [
    ["threads that use the same files over and over", async () => [
      ...[await compile(CELLS_PROGRAM), scratchDirectory("cells"), "40", "3", "60"],
    ]],
    ["a search through a tree", () => ["grep", "-rc", "last", tree()]],
    [
      "many small reads and writes",
      () => ["dd", "if=/dev/zero", `of=${scratchDirectory("dd")}/x`, "bs=16", "count=9000", "status=none"],
    ],
  ] as const
) {
  Deno.test(`The document is the same of rows and of sums: ${what}`, async () => {
    const words = await command();
    const rows = await documentOf(words, "--rows");
    assert.ok(Number(rows.calls) > 1000, `${rows.calls} calls`);
    for (const options of [[], ["--no-rows"]]) {
      const sums = await documentOf(words, ...options);
      assert.deepEqual(counted(sums), counted(rows));
    }
  });
}
