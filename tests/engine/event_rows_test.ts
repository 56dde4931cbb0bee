import assert from "node:assert/strict";
import { RowBuilder } from "../../engine/event_rows.ts";
import { EventFlag } from "../../runtime/event_batch.ts";
import { batchOf, type Call, taskName } from "./batches.ts";

const READ = 0;
const EXIT_GROUP = 231;
const RENAME = 82;

function rowOf(call: Call, names: Parameters<typeof batchOf>[1] = {}) {
  const rows = new RowBuilder("x86_64");
  rows.apply(batchOf([call], { tasks: [taskName(1, 70)], ...names }));
  return rows.row(0);
}

Deno.test("A row has every field of its call", () => {
  const row = rowOf(
    {
      nr: READ,
      enterNs: 5_000,
      durationNs: 250,
      gapNs: 40,
      ret: 12n,
      bytes: 12,
      file: 3,
      fd: 7,
      restarts: 2,
      extra: {
        iowaitNs: 100,
        blockedNs: 30,
        runqueueNs: 20,
        fetchedBytes: 4096,
        stack: 4,
        offsetBytes: -1,
        flags: 5,
      },
    },
    {
      tasks: [taskName(1, 70, { tid: 71, comm: "dd", uid: 5, gid: 6, cgroup: "/a" })],
      files: [{ slot: 3, path: "/a" }, { slot: 4, path: "main;ask" }, { slot: 5, path: "O_RDWR" }],
      firstSeq: 9,
      epoch: 4,
    },
  );
  assert.deepEqual(row, {
    seq: 9,
    timeNs: 5_000,
    pid: 70,
    tid: 71,
    comm: "dd",
    uid: 5,
    gid: 6,
    iowaitNs: 100,
    blockedNs: 30,
    runqueueNs: 20,
    fetchedBytes: 4096,
    stack: "main;ask",
    offsetBytes: -1,
    flags: "O_RDWR",
    syscall: "read",
    family: "FS",
    fd: 7,
    path: "/a",
    oldPath: null,
    pathRaw: null,
    oldPathRaw: null,
    pathError: null,
    ret: 12,
    errno: null,
    failed: false,
    bytes: 12,
    latencyNs: 250,
    gapNs: 40,
    restarts: 2,
    epoch: 4,
    cgroup: "/a",
  });
});

Deno.test("What a call has not is null", () => {
  const { fd, path, bytes, gapNs } = rowOf({ nr: READ });
  assert.deepEqual({ fd, path, bytes, gapNs }, { fd: null, path: null, bytes: null, gapNs: null });
});

Deno.test("Return values from -4095 to -1 are errors, others are not", () => {
  const result = (ret: bigint) => {
    const row = rowOf({ nr: READ, ret });
    return [row.ret, row.errno, row.failed];
  };
  assert.deepEqual(result(-2n), [-2, "ENOENT", true]);
  assert.deepEqual(result(-4095n), [-4095, "E4095", true]);
  assert.deepEqual(result(-4096n), [-4096, null, false]);
  assert.deepEqual(result(0n), [0, null, false]);
});

Deno.test("A return value beyond 2^53 is a bigint, exact", () => {
  assert.equal(rowOf({ nr: READ, ret: 2n ** 62n + 1n }).ret, 2n ** 62n + 1n);
  assert.equal(rowOf({ nr: READ, ret: -(2n ** 60n) - 1n }).ret, -(2n ** 60n) - 1n);
});

Deno.test("A call that does not return has neither result nor latency, a killed one has the time until its end", () => {
  const exit = rowOf({ nr: EXIT_GROUP, durationNs: NaN, flags: EventFlag.NO_RETURN });
  assert.deepEqual([exit.ret, exit.latencyNs, exit.failed], [null, null, false]);
  const killed = rowOf({ nr: READ, durationNs: 900, flags: EventFlag.KILLED });
  assert.deepEqual([killed.ret, killed.latencyNs, killed.errno], [null, 900, null]);
  const both = rowOf({ nr: READ, durationNs: 900, flags: EventFlag.KILLED | EventFlag.NO_RETURN });
  assert.deepEqual([both.ret, both.latencyNs], [null, 900]);
});

Deno.test("Both paths, their exact bytes and a path's error are shown", () => {
  const raw = Uint8Array.of(47, 255);
  const row = rowOf(
    { nr: RENAME, file: 1, oldFile: 2, flags: EventFlag.PATH_TRUNCATED },
    { files: [{ slot: 1, path: "/\ufffd", raw }, { slot: 2, path: "/old" }] },
  );
  assert.deepEqual([row.path, row.oldPath, row.pathRaw, row.oldPathRaw], ["/\ufffd", "/old", raw, null]);
  assert.equal(row.pathError, "truncated");
  assert.equal(rowOf({ nr: RENAME, flags: EventFlag.PATH_FAULT }).pathError, "fault");
});

Deno.test("A number that the table does not know is shown as it is", () => {
  const { syscall, family } = rowOf({ nr: 60_000 });
  assert.deepEqual([syscall, family], ["60000", "Misc"]);
});

Deno.test("Names stay from batch to batch until their slot has a new one", () => {
  const rows = new RowBuilder("x86_64");
  const path = (names: Parameters<typeof batchOf>[1]) => {
    rows.apply(batchOf([{ nr: READ, file: 1 }], names));
    return rows.row(0).path;
  };
  assert.equal(path({ tasks: [taskName(1, 70)], files: [{ slot: 1, path: "/a" }] }), "/a");
  assert.equal(path({}), "/a");
  assert.equal(path({ files: [{ slot: 1, path: "/b" }] }), "/b");
});

Deno.test("A slot without a name, a call that is not there and a length that is too large are refused", () => {
  const rows = new RowBuilder("x86_64");
  assert.throws(() => rows.row(0), /call 0 of 0 calls/);
  const batch = batchOf([{ nr: READ, file: 5 }], { tasks: [taskName(1, 70)] });
  rows.apply(batch);
  assert.throws(() => rows.row(0), /Cannot name a file: slot 5/);
  assert.throws(() => rows.row(1), /call 1 of 1 calls/);
  assert.throws(
    () => rows.apply({ ...batch, length: 1_000 }),
    /its length is 1000, its columns hold 8 calls/,
  );
});
