import assert from "node:assert/strict";
import { compareRows } from "../kernel_lib/compare.ts";
import { labelRows } from "../kernel_lib/labels.ts";
import { replayDescriptors } from "../kernel_lib/naive.ts";
import { type RowRecord, windowOf } from "../kernel_lib/rows.ts";
import type { ExpectedRow, Scenario } from "../kernel_lib/scenario.ts";

/** A row that opens, with what is given changed. */
function row(changes: Partial<RowRecord> & { fd: number | null }): RowRecord {
  return {
    seq: 1,
    time: "",
    time_ns: 1,
    pid: 10,
    tid: 10,
    comm: "a",
    uid: 0,
    syscall: "open",
    family: "FS",
    path: null,
    old_path: null,
    ret: 0,
    errno: null,
    failed: false,
    bytes: null,
    latency_ns: 1,
    gap_ns: null,
    restarts: 0,
    epoch: 1,
    ...changes,
  };
}

const EXPECTED: ExpectedRow[] = [
  { process: "main", syscall: "open", fd: 3, path: "$DIR/a", ret: 3 },
  { process: "child1", syscall: "write", fd: 3, path: "pipe:[*]", ret: 5, bytes: 5 },
  { process: "main", syscall: "read", fd: 9, errno: "EBADF", bytes: 0 },
];

/** The rows that {@linkcode EXPECTED} describes. */
function rightRows(): RowRecord[] {
  return [
    row({ fd: 3, path: "/d/a", ret: 3 }),
    row({ fd: 3, pid: 11, tid: 11, syscall: "write", path: "pipe:[77]", ret: 5, bytes: 5 }),
    row({ fd: 9, syscall: "read", ret: -9, errno: "EBADF", failed: true, bytes: 0 }),
  ];
}

function difference(rows: RowRecord[], order: Scenario["order"] = "process", expected = EXPECTED): string[] {
  const scenario = { order, rows: expected } as Scenario;
  const window = { rows, before: [], mainPid: 10 };
  const labels = labelRows(rows, 10);
  return compareRows(scenario, window, { directory: "/d", program: "/p", labels }).difference;
}

Deno.test("The comparison of rows finds no difference where there is none, in either order", () => {
  assert.deepEqual(difference(rightRows()), []);
  assert.deepEqual(difference(rightRows().reverse(), "any"), []);
});

const DEFECTS: Record<string, (rows: RowRecord[]) => void> = {
  "another path": (rows) => rows[0].path = "/d/b",
  "a path that is longer": (rows) => rows[1].path = "pipe:[77] ",
  "a missing path": (rows) => rows[0].path = null,
  "an old path that should not be": (rows) => rows[0].old_path = "/d/b",
  "another descriptor": (rows) => rows[0].fd = 4,
  "another value returned": (rows) => rows[0].ret = 4,
  "bytes where there should be none": (rows) => rows[0].bytes = 0,
  "no bytes where there should be 0": (rows) => rows[2].bytes = null,
  "another error": (rows) => rows[2].errno = "EIO",
  "an unexpected mark": (rows) => rows[0].path_error = "truncated",
  "unexpected bytes of a path": (rows) => rows[0].path_raw = "AA==",
  "another call": (rows) => rows[0].syscall = "openat",
  "another process": (rows) => rows[1].pid = rows[1].tid = 10,
  "another thread": (rows) => rows[1].tid = 12,
  "a missing row": (rows) => rows.splice(1, 1),
  "a row too many": (rows) => rows.push(row({ fd: 3, path: "/d/a", ret: 3 })),
  "another order": (rows) => rows.push(rows.shift()!),
};

for (const [name, plant] of Object.entries(DEFECTS)) {
  Deno.test(`The comparison of rows finds ${name}`, () => {
    const rows = rightRows();
    plant(rows);
    const found = difference(rows);
    assert.ok(found.some((line) => /^[-+]/.test(line)), found.join("\n"));
  });
}

Deno.test("Two expected rows need two found ones, also in any order", () => {
  const rows = [row({ fd: 3, path: "pipe:[1]", ret: 3 }), row({ fd: 3, path: "/d/a", ret: 3 })];
  const star: ExpectedRow = { process: "main", syscall: "open", fd: 3, path: "pipe:[*]", ret: 3 };
  assert.notDeepEqual(difference(rows, "any", [star, star]), []);
  assert.deepEqual(difference(rows, "any", [star, { ...star, path: "/d/a" }]), []);
});

Deno.test("A path that is no UTF-8 is compared by its bytes", () => {
  const expected: ExpectedRow[] = [{
    process: "main",
    syscall: "open",
    path_bytes: "$DIR/\\xff",
    errno: "ENOENT",
  }];
  const found = (raw: string) =>
    row({ fd: null, path: "/d/\ufffd", path_raw: raw, ret: -2, errno: "ENOENT", failed: true });
  assert.deepEqual(difference([found("L2Qv/w==")], "process", expected), []);
  assert.notDeepEqual(difference([found("L2Qv/g==")], "process", expected), []);
});

Deno.test("The rows of a scenario are those between its first and last marker", () => {
  const marker = row({ fd: -1, syscall: "write", ret: -9, errno: "EBADF", failed: true });
  const inside = [row({ fd: 3 }), row({ fd: 4 })];
  const found = windowOf([row({ fd: 2 }), marker, ...inside, marker, row({ fd: 5 })]);
  assert.deepEqual(found.rows, inside);
  assert.deepEqual(found.before, [row({ fd: 2 })]);
  assert.throws(() => windowOf([marker, ...inside]), /no begin and end marker/);
});

Deno.test("A descriptor table kept in user space is told of opens, dups and closes, and of nothing else", () => {
  const rows = [
    row({ seq: 1, fd: 3, path: "/d/a", ret: 3 }),
    row({ seq: 2, fd: 3, syscall: "dup2", ret: 5 }),
    row({ seq: 3, fd: 3, syscall: "close" }),
    row({ seq: 4, fd: 3, syscall: "read", ret: -9, errno: "EBADF", failed: true }),
    row({ seq: 5, fd: null, syscall: "close_range" }),
    row({ seq: 6, fd: 5, syscall: "read", ret: -9, errno: "EBADF", failed: true }),
  ];
  const said = replayDescriptors(rows, 10);
  assert.equal(said.get(4), null);
  assert.equal(said.get(6), "/d/a");
});
