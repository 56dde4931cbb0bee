import assert from "node:assert/strict";
import { NameJudge } from "../../bpf/judge.ts";
import { JudgeMode } from "../../bpf/wire.ts";
import { emptySelection, type Selection } from "../../runtime/selection.ts";

const judgeOf = (selection: Partial<Selection>) => new NameJudge({ ...emptySelection(), ...selection });

Deno.test("a selection without patterns accepts all, and the kernel is to judge nothing", () => {
  const judge = judgeOf({});
  assert.equal(judge.acceptsAll, true);
  assert.deepEqual([judge.taskMode, judge.fileMode], [JudgeMode.NOT, JudgeMode.NOT]);
  assert.equal(judge.task(1, "cat"), true);
  assert.equal(judge.file(1, "/a"), true);
  assert.equal(judge.row(1, 1, 0), true);
  assert.equal(judge.accepts("cat", null), true);
});

Deno.test("the kernel is told what a call without a file is worth", () => {
  assert.equal(judgeOf({ paths: ["a"] }).fileMode, JudgeMode.WANTED);
  assert.equal(judgeOf({ excludedPaths: ["a"] }).fileMode, JudgeMode.UNWANTED);
  assert.equal(judgeOf({ paths: ["a"], excludedPaths: ["b"] }).fileMode, JudgeMode.WANTED);
  assert.equal(judgeOf({ comms: ["a"] }).fileMode, JudgeMode.NOT);
  assert.equal(judgeOf({ paths: ["a"] }).taskMode, JudgeMode.NOT);
  for (const selection of [{ comms: ["a"] }, { excludedComms: ["a"] }]) {
    assert.notEqual(judgeOf(selection).taskMode, JudgeMode.NOT);
  }
});

Deno.test("patterns of one kind leave the other kind alone", () => {
  const byPath = judgeOf({ paths: ["etc"] });
  assert.equal(byPath.task(1, "cat"), true);
  const byComm = judgeOf({ comms: ["cat"] });
  assert.equal(byComm.file(1, "/a"), true);
  byComm.task(1, "cat");
  byComm.task(2, "tar");
  assert.deepEqual([byComm.row(1, 1, 0), byComm.row(2, 1, 0)], [true, false]);
});

Deno.test("a row is judged by its two paths", () => {
  const judge = judgeOf({ paths: ["good"], excludedPaths: ["bad"] });
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
    assert.equal(judge.row(1, file, oldFile), expected, `${file} and ${oldFile}`);
  }
});

Deno.test("with unwanted paths only, a call without a path passes", () => {
  const judge = judgeOf({ excludedPaths: ["bad"] });
  assert.equal(judge.file(1, "/bad"), false);
  assert.equal(judge.file(2, "/fine"), true);
  assert.deepEqual([judge.row(1, 0, 0), judge.row(1, 1, 0), judge.row(1, 2, 0), judge.row(1, 2, 1)], [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("a row is judged by its task and its path together", () => {
  const judge = judgeOf({ comms: ["tar"], paths: ["etc"] });
  judge.task(1, "tar");
  judge.task(2, "cat");
  judge.file(1, "/etc/a");
  judge.file(2, "/tmp/a");
  assert.deepEqual([[1, 1], [1, 2], [2, 1], [2, 2]].map(([task, file]) => judge.row(task, file, 0)), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("names alone are judged by the same rules", () => {
  const judge = judgeOf({ comms: ["tar"], paths: ["etc"] });
  assert.equal(judge.accepts("tar", "/etc/a"), true);
  assert.equal(judge.accepts("cat", "/etc/a"), false);
  assert.equal(judge.accepts("tar", "/tmp"), false);
  assert.equal(judge.accepts("tar", null), false);
  assert.equal(judgeOf({ excludedPaths: ["etc"] }).accepts("tar", null), true);
});

Deno.test("a slot's verdict is that of its last name", () => {
  const judge = judgeOf({ paths: ["etc"], excludedComms: ["cat"] });
  judge.file(1, "/etc");
  judge.file(1, "/tmp");
  assert.equal(judge.row(1, 1, 0), false);
  judge.file(1, "/etc");
  judge.task(1, "cat");
  judge.task(1, "tar");
  assert.equal(judge.row(1, 1, 0), true);
});
