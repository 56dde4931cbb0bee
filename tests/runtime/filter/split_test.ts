import assert from "node:assert/strict";
import { NameJudge } from "../../../bpf/judge.ts";
import { JudgeMode } from "../../../bpf/wire.ts";
import { BatchFilter } from "../../../engine/replay/batch_filter.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import {
  compileCalls,
  compileFilter,
  compileScope,
  formatFilter,
  type KernelFilter,
  parseFilter,
  splitFilter,
} from "../../../runtime/filter/mod.ts";
import { draws } from "../expression/draw.ts";
import { randomCalls, randomFilter } from "./random_filters.ts";

/** What `bpf/calls.h` and `bpf/tasks.h` do with a call whose names all have their verdicts. */
function kernelTakes(
  kernel: KernelFilter,
  judge: NameJudge,
  row: StreamRow,
  rejectsTask: boolean,
  rejectsFiles: boolean[],
): boolean {
  if (!compileScope(kernel)(row.pid, row.tid) || !compileCalls(kernel)(row.syscall)) return false;
  if (kernel.uids.length > 0 && !kernel.uids.includes(row.uid)) return false;
  if (kernel.gids.length > 0 && (row.gid === null || !kernel.gids.includes(row.gid))) return false;
  if (kernel.failedOnly && !row.failed) return false;
  if (kernel.slowerNs > 0 && (row.latencyNs === null || row.latencyNs < kernel.slowerNs)) return false;
  if (judge.taskMode !== JudgeMode.NOT && rejectsTask) return false;
  if (judge.fileMode === JudgeMode.NOT) return true;
  if (rejectsFiles.length === 0) return judge.fileMode !== JudgeMode.WANTED;
  return !rejectsFiles.every((rejects) => rejects);
}

Deno.test("Kernel and user space together take exactly the rows that a filter takes, and so does a replay", () => {
  const draw = draws();
  let taken = 0;
  let dropped = 0;
  for (let round = 0; round < 1500; round++) {
    const filter = randomFilter(draw);
    const wants = compileFilter(filter);
    const split = splitFilter(filter);
    const judge = new NameJudge(split, "x86_64");
    const batch = randomCalls(draw, 30);
    const rejectsTask = new Map(batch.tasks.map((task) => [task.slot, !judge.task(task)]));
    const rejectsFile = new Map(batch.files.map(({ slot, path }) => [slot, !judge.file(slot, path)]));
    const rows = new RowBuilder("x86_64");
    rows.apply(batch);
    const expected: StreamRow[] = [];
    for (let i = 0; i < batch.length; i++) {
      const row = rows.row(i);
      const { columns } = batch;
      const files = [columns.file[i], columns.oldFile[i]].filter((slot) => slot !== 0);
      const byKernel = kernelTakes(
        split.kernel,
        judge,
        row,
        rejectsTask.get(columns.task[i])!,
        files.map((slot) => rejectsFile.get(slot)!),
      );
      const both = byKernel && judge.row(columns, i);
      assert.equal(both, wants(row), `${formatFilter(filter)} on ${Deno.inspect(row)}`);
      if (both) expected.push(row);
      if (!byKernel) dropped++;
    }
    taken += expected.length;
    const seq = expected.map((row) => row.timeNs);
    const kept = new BatchFilter(filter, "x86_64").apply(batch);
    assert.deepEqual([...batch.columns.enterNs.subarray(0, kept)], seq, formatFilter(filter));
  }
  assert.ok(taken > 1000 && dropped > 1000, `${taken} taken, ${dropped} dropped by the kernel`);
});

/** The parts of a split, each as a text; what is left out decides nothing. */
function parts(where: string) {
  const { kernel, tasks, files, rest } = splitFilter(
    parseFilter(`syscall read,openat,socket where ${where}`),
  );
  const { pids: _, tids: _tids, follow: _follow, unknownSyscalls: _unknown, syscalls, ...exit } = kernel;
  const text = (condition: typeof rest) =>
    condition === null ? "" : formatFilter({ ...parseFilter(""), where: condition }).slice("where ".length);
  return [syscalls.join(), JSON.stringify(exit), text(tasks), text(files), text(rest)];
}

Deno.test("The kernel decides what it can, and user space the rest", () => {
  const all = "read,openat,socket";
  const none = '{"uids":[],"gids":[],"failedOnly":false,"slowerNs":0}';
  assert.deepEqual(parts("uid = 0,5 and gid = 7 and failed and latency > 5us and latency >= 1us"), [
    all,
    '{"uids":[0,5],"gids":[7],"failedOnly":true,"slowerNs":5001}',
    "",
    "",
    "",
  ]);
  assert.deepEqual(parts("not (family = Network or failed)"), ["read,openat", none, "", "", "not failed"]);
  assert.deepEqual(parts("errno = ENOENT"), [
    all,
    '{"uids":[],"gids":[],"failedOnly":true,"slowerNs":0}',
    "",
    "",
    "errno = ENOENT",
  ]);
  assert.deepEqual(parts("comm ~ sh and path ~ a"), [
    all,
    none,
    "comm ~ sh",
    "path ~ a",
    "comm ~ sh and path ~ a",
  ]);
  assert.deepEqual(parts("comm ~ sh or path ~ a"), [all, none, "", "", "comm ~ sh or path ~ a"]);
});

Deno.test("Numbers that the table does not know are decided by the kernel where a condition treats all of them alike", () => {
  const unknown = (where: string) => {
    const { kernel, rest } = splitFilter(parseFilter(`syscall read unknown where ${where}`));
    return [kernel.unknownSyscalls, rest !== null];
  };
  assert.deepEqual(unknown("syscall = read"), [false, false]);
  assert.deepEqual(unknown("syscall != read"), [true, false]);
  assert.deepEqual(unknown("family = Misc or syscall = read"), [true, false]);
  assert.deepEqual(unknown("family = FS"), [false, false]);
  assert.deepEqual(unknown("syscall = read,7777"), [true, true]);
  assert.deepEqual(unknown("syscall =~ ^4"), [true, true]);
  assert.deepEqual(unknown("syscall = read and syscall != 7777"), [false, false]);
});

Deno.test("Of two conditions that the files of a rename may satisfy together, the kernel judges by one", () => {
  const [, , , files, rest] = parts("path ~ a and path ~ b and not path ~ c");
  assert.equal(files, "not path ~ c and path ~ a");
  assert.equal(rest, "path ~ a and path ~ b and not path ~ c");
});
