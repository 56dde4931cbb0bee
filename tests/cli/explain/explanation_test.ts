import assert from "node:assert/strict";
import { explain, type Explanation, explanationText } from "../../../cli/explain/mod.ts";
import { SCHEMA_NAMES, schemaText } from "../../../cli/schema/mod.ts";
import { splitWords } from "../../../cli/text/split_words.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { compileFilter, type Filter, parseFilter } from "../../../runtime/filter/mod.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { assertGolden } from "../../golden.ts";
import { compileSchema } from "../../json_schema.ts";
import { draws } from "../../runtime/expression/draw.ts";
import { randomCalls, randomFilter } from "../../runtime/filter/random_filters.ts";
import { parseTrace } from "../commands/machine.ts";

/** The test that a condition of an explanation is, as a reader would make it from its text. */
function conditionOf({ where }: { where: string | null }): (row: StreamRow) => boolean {
  if (where === null) return () => true;
  return compileFilter({ ...parseFilter(`unknown where ${where}`), syscalls: ALL_CALLS });
}

const ALL_CALLS = parseTrace("--family", "all").selection.syscalls;

/** True for a row that passes what the kernel decides of a call alone. */
function passesKernel({ enter, exit }: Explanation, row: StreamRow): boolean {
  const { pids, tids, uids, gids } = enter;
  const isSelected = enter.syscalls.includes(row.syscall) ||
    (enter.unknown_syscalls && syscallByName(row.syscall) === undefined);
  const isOfScope = pids.length + tids.length === 0 || pids.includes(row.pid) || tids.includes(row.tid);
  return isSelected && isOfScope && (uids.length === 0 || uids.includes(row.uid)) &&
    (gids.length === 0 || (row.gid !== null && gids.includes(row.gid))) &&
    (!exit.failed || row.failed) &&
    (exit.slower_ns === 0 || (row.latencyNs !== null && row.latencyNs >= exit.slower_ns));
}

Deno.test("The steps of an explanation together are neither weaker nor stronger than the filter", () => {
  const draw = draws();
  let selected = 0;
  for (let round = 0; round < 1000; round++) {
    const filter: Filter = randomFilter(draw);
    const explanation = explain(filter, {}, null);
    assert.deepEqual(parseFilter(explanation.filter), filter);
    const wants = compileFilter(filter);
    const [thread, file, rest] = [explanation.thread, explanation.file, explanation.row].map(conditionOf);
    const batch = randomCalls(draw, 20);
    const rows = new RowBuilder("x86_64");
    rows.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      const row = rows.row(i);
      const passes = passesKernel(explanation, row) && rest(row);
      assert.equal(passes, wants(row), `${explanation.filter} on ${Deno.inspect(row)}`);
      // A verdict on a name takes away rows that the last step would drop, and no others.
      if (!passes) continue;
      selected++;
      assert.ok(thread(row) && file(row), `${explanation.filter} on ${Deno.inspect(row)}`);
    }
  }
  assert.ok(selected > 500, `${selected} selected`);
});

const LINES: readonly (readonly string[])[] = [
  [],
  ["-e", "read", "-x"],
  ["-e", "read", "--cgroup", "web,/system.slice"],
  ["-p", "1,2", "-t", "5", "--no-follow", "-u", "0,alice", "--comm", "sh", "--slower", "5ms", "-P", "*.db"],
  ["--where", "not (family = Network or comm ~ sh) and latency > 5ms", "--where", "path ~ a or fd = 3", "ls"],
  ["--family", "all", "--no-syscall", "read", "--where", "path ~ a and path ~ b and syscall != 7777"],
  ["-e", "read,write", "--sample", "read=5"],
  ["-e", "read,write", "--no-rows"],
  ["-e", "read,write", "--rows"],
  ["-e", "read,write", "--record", "run.parquet"],
  ["-e", "read", "--sample", "FS=1,read=0", "--auto-sample"],
  ["-e", "read", "--auto-sample"],
];

function explanationOf(line: readonly string[]): Explanation {
  const task = parseTrace(...line);
  const { selection, selectionDescription, command, cgroups } = task;
  return explain(selection, selectionDescription, command, cgroups, task);
}

Deno.test("What becomes of calls is told by the rates of those that are selected", () => {
  const found = LINES.slice(-6).map((line) => {
    const { taken_as, taken_why } = explanationOf(line);
    return [taken_as, taken_why];
  });
  assert.deepEqual(found, [
    ["both", "rates"],
    ["sums", "rates"],
    ["rows", "option"],
    ["rows", "recording"],
    ["sums", "rates"],
    ["both", "rates"],
  ]);
  const { taken_as, taken_why } = explanationOf([]);
  assert.deepEqual([taken_as, taken_why], ["both", null]);
  assert.equal(explanationOf(["-P", "/var/log"]).taken_why, "condition");
  assert.equal(explanationOf(["-e", "read", "--sample", "FS=0,read=1"]).taken_as, "rows");
});

Deno.test("An explanation says in words what each step decides and what it costs", () => {
  const texts = LINES.map((line) => {
    const text = explanationText(explanationOf(line), true);
    return `$ ior trace --explain ${line.join(" ")}\n${text}`;
  });
  assertGolden("explain/text.txt", texts.join("\n"));
});

Deno.test("docs/filters.md shows an explanation as ior prints it", () => {
  const document = Deno.readTextFileSync(new URL("../../../docs/filters.md", import.meta.url));
  const [, line, text] = /^\$ ior trace --explain (.*)\n([^]*?)^```$/m.exec(document)!;
  assert.equal(text, explanationText(explanationOf(splitWords(line)!), false));
});

Deno.test("The document of an explanation is valid under its schema", async () => {
  assert.ok(SCHEMA_NAMES.includes("explain"));
  const check = compileSchema(JSON.parse(await schemaText("explain")));
  for (const line of LINES) {
    const document = JSON.parse(JSON.stringify(explanationOf(line)));
    assert.deepEqual(check(document), [], line.join(" "));
  }
});
