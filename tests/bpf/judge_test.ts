import assert from "node:assert/strict";
import { JudgeMode } from "../../bpf/wire.ts";
import { batchOf, taskName } from "../engine/batches.ts";
import { judgeOf } from "./records.ts";

type Judge = ReturnType<typeof judgeOf>;

/** What a judge says of a plain call with these slots. */
const row = (judge: Judge, task: number, file: number, oldFile: number) =>
  judge.row(batchOf([{ nr: 0, task, file, oldFile }]).columns, 0);
const task = (judge: Judge, slot: number, comm: string) => judge.task(taskName(slot, 1, { comm }));
const accepts = (judge: Judge, comm: string, path: string | null) =>
  judge.accepts({ pid: 1, tid: 1, comm, syscall: "read", path });

Deno.test("a selection without patterns accepts all, and the kernel is to judge nothing", () => {
  const judge = judgeOf(null);
  assert.equal(judge.acceptsAll, true);
  assert.deepEqual([judge.taskMode, judge.fileMode], [JudgeMode.NOT, JudgeMode.NOT]);
  assert.equal(task(judge, 1, "cat"), true);
  assert.equal(judge.file(1, "/a"), true);
  assert.equal(row(judge, 1, 1, 0), true);
  assert.equal(accepts(judge, "cat", null), true);
});

Deno.test("the kernel is told what a call without a file is worth", () => {
  assert.equal(judgeOf("path ~ a").fileMode, JudgeMode.WANTED);
  assert.equal(judgeOf("not path ~ a").fileMode, JudgeMode.UNWANTED);
  assert.equal(judgeOf("path ~ a and not path ~ b").fileMode, JudgeMode.WANTED);
  assert.equal(judgeOf("comm ~ a").fileMode, JudgeMode.NOT);
  assert.equal(judgeOf("path ~ a").taskMode, JudgeMode.NOT);
  for (const selection of ["comm ~ a", "not comm ~ a"]) {
    assert.notEqual(judgeOf(selection).taskMode, JudgeMode.NOT);
  }
});

Deno.test("patterns of one kind leave the other kind alone", () => {
  const byPath = judgeOf("path ~ etc");
  assert.equal(task(byPath, 1, "cat"), true);
  const byComm = judgeOf("comm ~ cat");
  assert.equal(byComm.file(1, "/a"), true);
  task(byComm, 1, "cat");
  task(byComm, 2, "tar");
  assert.deepEqual([row(byComm, 1, 1, 0), row(byComm, 2, 1, 0)], [true, false]);
});

Deno.test("a row is judged by its two paths", () => {
  const judge = judgeOf("path ~ good and not path ~ bad");
  const [neither, good, bad, mixed] = [1, 2, 3, 4];
  assert.deepEqual(
    ["/neither", "/good", "/bad", "/good/bad"].map((path, i) => judge.file(i + 1, path)),
    [false, true, false, false],
  );
  const wanted: [file: number, oldFile: number, wanted: boolean][] = [
    [neither, 0, false],
    [good, 0, true],
    [0, good, true],
    [bad, 0, false],
    [mixed, 0, false],
    [neither, good, true],
    [good, neither, true],
    [good, bad, false],
    [bad, good, false],
    [neither, neither, false],
    [0, 0, false],
  ];
  for (const [file, oldFile, expected] of wanted) {
    assert.equal(row(judge, 1, file, oldFile), expected, `${file} and ${oldFile}`);
  }
});

Deno.test("with unwanted paths only, a call without a path passes", () => {
  const judge = judgeOf("not path ~ bad");
  assert.equal(judge.file(1, "/bad"), false);
  assert.equal(judge.file(2, "/fine"), true);
  assert.deepEqual([row(judge, 1, 0, 0), row(judge, 1, 1, 0), row(judge, 1, 2, 0), row(judge, 1, 2, 1)], [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("a row is judged by its task and its path together", () => {
  const judge = judgeOf("comm ~ tar and path ~ etc");
  task(judge, 1, "tar");
  task(judge, 2, "cat");
  judge.file(1, "/etc/a");
  judge.file(2, "/tmp/a");
  assert.deepEqual([[1, 1], [1, 2], [2, 1], [2, 2]].map(([task, file]) => row(judge, task, file, 0)), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("names alone are judged by the same rules", () => {
  const judge = judgeOf("comm ~ tar and path ~ etc");
  assert.equal(accepts(judge, "tar", "/etc/a"), true);
  assert.equal(accepts(judge, "cat", "/etc/a"), false);
  assert.equal(accepts(judge, "tar", "/tmp"), false);
  assert.equal(accepts(judge, "tar", null), false);
  assert.equal(accepts(judgeOf("not path ~ etc"), "tar", null), true);
});

Deno.test("a slot's verdict is that of its last name", () => {
  const judge = judgeOf("path ~ etc and not comm ~ cat");
  judge.file(1, "/etc");
  judge.file(1, "/tmp");
  assert.equal(row(judge, 1, 1, 0), false);
  judge.file(1, "/etc");
  task(judge, 1, "cat");
  task(judge, 1, "tar");
  assert.equal(row(judge, 1, 1, 0), true);
});

Deno.test("Whether a row is decided by its files is known", () => {
  for (const selection of ["path ~ a", "comm = a or path ~ b", "latency > 5ms or comm = a"]) {
    assert.equal(judgeOf(selection).needsFiles, true, selection);
  }
  for (
    const selection of [
      "comm = a",
      "comm = a or errno = EINVAL",
      "uid = 7 or syscall = read",
      "failed or pid = 1",
    ]
  ) {
    assert.equal(judgeOf(selection).needsFiles, false, selection);
  }
});
