import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { TEXT_SLOTS } from "../../bpf/text_paths.ts";
import { ROUNDS } from "../../bpf/kernel_memory.ts";
import { CELLS, CHUNKS, FILE_SLOTS, Size, TASK_SLOTS } from "../../bpf/wire.ts";
import { DEFAULTS } from "../../cli/options/defaults.ts";
import { MEMORY_BUDGET } from "../../runtime/memory_budget.ts";
import { testSeed } from "../engine/batches.ts";

Deno.test("the parts of memory are 160 MB together, with the slots and the buffer there are", () => {
  assert.ok(Object.values(MEMORY_BUDGET).reduce((sum, bytes) => sum + bytes) <= 160e6);
  assert.equal(MEMORY_BUDGET.names, 2 * (TASK_SLOTS * 32 + FILE_SLOTS * 90) + TEXT_SLOTS * 290);
  assert.ok(DEFAULTS.ringBytes < MEMORY_BUDGET.buffer);
  assert.ok(ROUNDS * (CELLS * Size.cell + CHUNKS * Size.chunk) < MEMORY_BUDGET.sums);
});

Deno.test("names and rows take no more memory than they are given when every table is full", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-all",
      "--v8-flags=--expose-gc",
      fileURLToPath(new URL("../engine/full_tables.ts", import.meta.url)),
      String(testSeed()),
    ],
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  const { bytes, folded } = JSON.parse(new TextDecoder().decode(stdout));
  assert.ok(folded.files > 0 && folded.processes > 0, "no table is full");
  const { names, tables } = MEMORY_BUDGET;
  assert.ok(bytes > names / 2, `they take ${bytes} bytes: some are not measured`);
  assert.ok(bytes <= names + tables, `they take ${bytes} bytes, ${names + tables} are theirs`);
});
