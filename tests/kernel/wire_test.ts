import assert from "node:assert/strict";
import * as wire from "../../bpf/wire.ts";
import { CellHistogram } from "../../runtime/call_cells.ts";
import { NO_FD } from "../../runtime/event_batch.ts";
import { LOSS_KINDS } from "../../runtime/loss.ts";
import { TINY_BYTES } from "../../runtime/stats.ts";
import { I386_NR } from "../../runtime/syscalls/lookup.ts";
import { NO_NS } from "../bpf/records.ts";
import { compile } from "../kernel_lib/compile.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const HEADER = new URL("../../bpf/c/wire.h", import.meta.url).pathname;

/** Tables of constants of `wire.ts`, and what their names begin with in `wire.h`. */
const TABLES: Record<string, Record<string, number>> = {
  CALL_: wire.RecordFlag,
  NAME_: wire.NameKind,
  TEXT_: wire.TextStatus,
  SPEC_: wire.SpecFlag,
  VERDICT_: wire.Verdict,
  JUDGE_: wire.JudgeMode,
  OWNER_: wire.Owner,
  WALK_: wire.Walk,
  OF_: CellHistogram,
  EXTRA_: wire.Extra,
  COMPAT_: wire.CompatForm,
  CELL_: wire.CellKind,
};

/** Two tables share the beginning of their names. */
const FILE_TABLES: Record<string, number> = { ...wire.FileType, ...wire.FileStatus };

/** Numbers that `wire.h` defines and user space knows too. */
const NUMBERS: Record<string, bigint> = Object.fromEntries(
  Object.entries({
    CALLS: wire.CALLS,
    VERDICTS: wire.VERDICTS,
    FILE_SLOTS: wire.FILE_SLOTS,
    STACK_SLOTS: wire.STACK_SLOTS,
    STACK_FRAMES: wire.STACK_FRAMES,
    STACK_TOP: wire.STACK_TOP,
    TASK_SLOTS: wire.TASK_SLOTS,
    REJECTED_SLOTS: wire.REJECTED_SLOTS,
    REJECTED_CHUNK: wire.REJECTED_CHUNK,
    FILTERS: wire.FILTERS,
    CALL_FILTER_SHIFT: wire.CALL_FILTER_SHIFT,
    BIG_NR: wire.BIG_NR,
    NOT_FOLLOWED: wire.NOT_FOLLOWED,
    CELLS: wire.CELLS,
    CHUNKS: wire.CHUNKS,
    OCTAVES: wire.OCTAVES,
    HISTOGRAMS: Object.keys(CellHistogram).length,
    TINY_BYTES,
    RATE_AUTO: wire.RATE_AUTO,
    POWERS: wire.POWERS,
    URING_FIRST: wire.URING_FIRST,
    URING_OPS: wire.URING_OPS,
    ARGUMENT_POINTS: wire.ARGUMENT_POINTS,
    COMPAT_CALLS: wire.COMPAT_CALLS,
    COMPAT_PARTS: wire.COMPAT_PARTS,
    COMPAT_NR: I386_NR,
    NO_FD,
    NO_NS,
  }).map(([name, value]) => [name, BigInt(value)]),
);

/** Numbers of `wire.h` that only the kernel side needs. */
const KERNEL_ONLY = ["TEXT_MAX", "TEXT_READ", "TEXTS_MAX", "WALK_MAX", "FILE_AGE", "STACK_AGE", "TASK_AGE"];

/** Structures of `wire.h` whose layout user space needs not know: plain arrays. */
const ARRAYS = ["compat_calls", "rejected_chunk", "verdict_chunk"];

/** What user space holds, as lines `WHAT VALUE`. */
function twinLines(): string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(NUMBERS)) lines.push(`${name} ${value}`);
  for (const [prefix, table] of Object.entries({ ...TABLES, FILE_: FILE_TABLES })) {
    for (const [name, value] of Object.entries(table)) lines.push(`${prefix}${name} ${value}`);
  }
  for (const [name, size] of Object.entries(wire.Size)) lines.push(`sizeof(struct ${name}) ${size}`);
  for (const [name, fields] of Object.entries(wire.Offset)) {
    for (const [field, offset] of Object.entries(fields)) {
      lines.push(`offsetof(struct ${name}, ${field}) ${offset}`);
    }
  }
  return lines;
}

/** What the compiler makes of the same expressions. */
async function headerLines(expressions: string[]): Promise<string[]> {
  const source = `${scratchDirectory("wire")}/wire.c`;
  Deno.writeTextFileSync(
    source,
    `#include <stddef.h>
#include <stdio.h>
#include "${HEADER}"
int main(void)
{
${expressions.map((expression) => `\tprintf("%s ", "${expression}");\n\t${printing(expression)}`).join("\n")}
\treturn 0;
}
`,
  );
  const { stdout } = await new Deno.Command(await compile(source)).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

/** NO_FD is the one negative number. */
function printing(expression: string): string {
  return expression === "NO_FD"
    ? `printf("%lld\\n", (long long)(${expression}));`
    : `printf("%llu\\n", (unsigned long long)(${expression}));`;
}

Deno.test("user space and the kernel programs agree on every size, offset and constant", async () => {
  const expected = twinLines();
  const found = await headerLines(expected.map((line) => line.slice(0, line.lastIndexOf(" "))));
  assert.ok(expected.length > 100, `only ${expected.length} facts`);
  assert.deepEqual(found, expected);
});

const header = Deno.readTextFileSync(HEADER).replace(/\/\*[^]*?\*\//g, "");

Deno.test("every constant of wire.h has its twin in wire.ts", () => {
  const defined = [...header.matchAll(/^#define (\w+) \S/gm)].map(([, name]) => name);
  const listed = [...header.matchAll(/enum \{([^}]*)\}/g)].flatMap(([, body]) =>
    [...body.matchAll(/(\w+) =/g)].map(([, name]) => name)
  );
  assert.ok(defined.length > 5 && listed.length > 30);
  const known = new Set(twinLines().map((line) => line.slice(0, line.lastIndexOf(" "))));
  const missing = [...defined, ...listed].filter((name) => !known.has(name) && !KERNEL_ONLY.includes(name));
  assert.deepEqual(missing, []);
});

Deno.test("every structure of wire.h has its size in wire.ts, and every field but what is common or padding", () => {
  const structures = [...header.matchAll(/^struct (\w+) \{([^}]*)\};/gm)];
  const names = structures.map(([, name]) => name);
  assert.deepEqual(names.filter((name) => !ARRAYS.includes(name)).sort(), Object.keys(wire.Size).sort());
  assert.deepEqual(Object.keys(wire.Offset).sort(), Object.keys(wire.Size).sort());
  for (const [, name, body] of structures) {
    if (ARRAYS.includes(name)) continue;
    const fields = [...body.matchAll(/^\s*(?:u8|u16|u32|u64|s32|s64|char) ([^;]+);/gm)].flatMap(([, list]) =>
      list.split(",").map((field) => field.trim().replace(/\[.*$/, ""))
    );
    assert.ok(fields.length > 0, name);
    // The first four bytes are those of every record: call_record names them.
    const common = name.endsWith("_record") && name !== "call_record" ? ["nr", "kind", "flags"] : [];
    const known: string[] = Object.keys(wire.Offset[name as keyof typeof wire.Offset]);
    const missing = fields.filter((field) =>
      !known.includes(field) && !common.includes(field) && !/^pad\d?$/.test(field)
    );
    assert.deepEqual(missing, [], name);
  }
});

Deno.test("records that announce names begin as call records do", async () => {
  const names = ["task_record", "file_record", "running_record"];
  const expressions = names.flatMap((name) =>
    ["nr", "kind", "flags"].map((field) => `offsetof(struct ${name}, ${field})`)
  );
  const { nr, restarts, flags } = wire.Offset.call_record;
  assert.deepEqual(
    (await headerLines(expressions)).map((line) => Number(line.slice(line.lastIndexOf(" ") + 1))),
    names.flatMap(() => [nr, restarts, flags]),
  );
});

Deno.test("each kind of loss has its counter", () => {
  assert.deepEqual(Object.keys(wire.Offset.losses), [...LOSS_KINDS, "unseen"]);
});
