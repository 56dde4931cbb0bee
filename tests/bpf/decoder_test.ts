import assert from "node:assert/strict";
import { BIG_NR, RecordFlag } from "../../bpf/wire.ts";
import { LARGEST_BATCH, MOST_NAMES } from "../../bpf/text_paths.ts";
import { EventFlag, hasFd, NO_FD } from "../../runtime/event_batch.ts";
import { syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";
import {
  batchOfRecords,
  callRecord,
  decoding,
  feed,
  fileRecord,
  leafFirst,
  NO_NS,
  NO_SIZE,
  pathRecord,
  runningRecord,
  taskRecord,
  textRecord,
} from "./records.ts";

const nr = (name: string) => syscallNumber("x86_64", syscallByName(name)!)!;

Deno.test("every field of a call comes to its column", () => {
  const { columns, length } = batchOfRecords(callRecord({
    nr: nr("write"),
    restarts: 3,
    taskId: 7,
    enterNs: 0x12_3456_789an,
    durationNs: 0x1_0000_0001n,
    gapNs: 0x2_8000_0000n,
    ret: 4096n,
    fileId: 9,
    file2Id: 11,
    fd: 5,
    size: 8192,
  }));
  assert.equal(length, 1);
  assert.equal(columns.nr[0], nr("write"));
  assert.equal(columns.restarts[0], 3);
  assert.equal(columns.task[0], 7);
  assert.equal(columns.enterNs[0], 0x12_3456_789a);
  assert.equal(columns.durationNs[0], 0x1_0000_0001);
  assert.equal(columns.gapNs[0], 0x2_8000_0000);
  assert.equal(columns.ret[0], 4096n);
  assert.equal(columns.bytes[0], 4096);
  assert.equal(columns.file[0], 9);
  assert.equal(columns.oldFile[0], 11);
  assert.equal(columns.fd[0], 5);
  assert.equal(columns.flags[0], 0);
});

Deno.test("times are exact up to the 104 days a double holds", () => {
  const longest = 2n ** 53n - 1n;
  const { columns } = batchOfRecords(callRecord({ enterNs: longest, durationNs: longest, gapNs: longest }));
  assert.equal(columns.enterNs[0], Number(longest));
  assert.equal(columns.durationNs[0], Number(longest));
  assert.equal(columns.gapNs[0], Number(longest));
});

Deno.test("times are counted from the begin of the trace", () => {
  const { decoder } = decoding();
  decoder.startNs = 400;
  feed(decoder, taskRecord({ processStartNs: -100n }), callRecord({ enterNs: 1000n, durationNs: 5n }));
  const batch = decoder.takeBatch()!;
  assert.equal(batch.columns.enterNs[0], 600);
  assert.equal(batch.columns.durationNs[0], 5);
  assert.equal(batch.tasks[0].processStartNs, -500);
});

Deno.test("a gap of none is NaN", () => {
  assert.ok(Number.isNaN(batchOfRecords(callRecord({ gapNs: NO_NS })).columns.gapNs[0]));
  assert.equal(batchOfRecords(callRecord({ gapNs: 0n })).columns.gapNs[0], 0);
});

Deno.test("all 64 bits of a return value arrive", () => {
  const values = [0n, -1n, -4095n, -4096n, 2n ** 63n - 1n, -(2n ** 63n), 0x7f12_3456_7000n, 2n ** 32n];
  const { columns } = batchOfRecords(...values.map((ret) => callRecord({ ret })));
  assert.deepEqual([...columns.ret.subarray(0, values.length)], values);
});

Deno.test("a descriptor may be any number, and none is told apart from each", () => {
  const { columns } = batchOfRecords(
    callRecord({ fd: -1 }),
    callRecord({ fd: NO_FD }),
    callRecord({ fd: NO_FD, flags: RecordFlag.LEAST_FD }),
    callRecord({ fd: 0 }),
  );
  assert.deepEqual([...columns.fd.subarray(0, 4)], [-1, NO_FD, NO_FD, 0]);
  assert.deepEqual([0, 1, 2, 3].map((i) => hasFd(columns, i)), [true, false, true, true]);
});

Deno.test("only calls that can move bytes have a number of bytes", () => {
  const cases: [string, Parameters<typeof callRecord>[0], number][] = [
    ["read", { ret: 100n, size: 4096 }, 100],
    ["read", { ret: 0n, size: 4096 }, 0],
    ["read", { ret: -11n, size: 4096 }, 0],
    ["close", { ret: 0n }, NaN],
    ["openat", { ret: 3n }, NaN],
    // MSG_PEEK takes nothing; MSG_TRUNC may answer with more than the buffer holds.
    ["recvfrom", { ret: 100n, size: 4096, flags: RecordFlag.PEEK }, 0],
    ["recvfrom", { ret: 9000n, size: 64 }, 64],
    // An xattr call with size 0 asks for the size only.
    ["getxattr", { ret: 30n, size: 0 }, 0],
    ["getxattr", { ret: 30n, size: 100 }, 30],
    ["recvmsg", { ret: 30n, size: NO_SIZE }, 30],
    ["sendmmsg", { ret: 2n }, NaN],
  ];
  for (const [name, fields, bytes] of cases) {
    const { columns } = batchOfRecords(callRecord({ nr: nr(name), ...fields }));
    assert.equal(columns.bytes[0], bytes, `${name} ${Deno.inspect(fields)}`);
  }
});

Deno.test("a call without a limit moves more than 4 GiB", () => {
  const { columns } = batchOfRecords(
    callRecord({ nr: nr("copy_file_range"), ret: 5n << 32n, size: NO_SIZE }),
  );
  assert.equal(columns.bytes[0], Number(5n << 32n));
});

Deno.test("a number beyond 16 bits comes from the size field, and no bytes are made of it", () => {
  for (const big of [BIG_NR, 0x4000_0001, -1, -2147483648]) {
    const record = callRecord({ nr: BIG_NR, size: big >>> 0, ret: 5n });
    const { columns } = batchOfRecords(record);
    assert.equal(columns.nr[0], big);
    assert.ok(Number.isNaN(columns.bytes[0]));
  }
  assert.equal(batchOfRecords(callRecord({ nr: 65534 })).columns.nr[0], 65534);
});

Deno.test("a call that never returns has no duration", () => {
  const { columns } = batchOfRecords(
    callRecord({ nr: nr("exit_group"), flags: RecordFlag.NO_RETURN, durationNs: 77n }),
  );
  assert.ok(Number.isNaN(columns.durationNs[0]));
  assert.equal(columns.flags[0], EventFlag.NO_RETURN);
});

Deno.test("a call inside which the process was killed has the time until its end", () => {
  const { columns } = batchOfRecords(
    callRecord({ nr: nr("read"), flags: RecordFlag.KILLED, durationNs: 77n, ret: 0n }),
  );
  assert.equal(columns.durationNs[0], 77);
  assert.equal(columns.ret[0], 0n);
  assert.equal(columns.flags[0], EventFlag.KILLED);
});

Deno.test("restarts stay at 255, the most the record holds", () => {
  const { columns } = batchOfRecords(callRecord({ restarts: 255 }), callRecord({ restarts: 1 }));
  assert.deepEqual([...columns.restarts.subarray(0, 2)], [255, 1]);
});

Deno.test("numbers of tasks and files are folded into their tables", () => {
  const batch = batchOfRecords(
    taskRecord({ taskId: 65536 * 3 + 5 }),
    pathRecord(131072 * 2 + 6, "/a"),
    callRecord({ taskId: 65536 * 3 + 5, fileId: 131072 * 2 + 6, file2Id: 131072 + 8 }),
  );
  assert.equal(batch.tasks[0].slot, 5);
  assert.equal(batch.files[0].slot, 6);
  assert.equal(batch.columns.task[0], 5);
  assert.equal(batch.columns.file[0], 6);
  assert.equal(batch.columns.oldFile[0], 8);
});

Deno.test("names travel with the first batch after them", () => {
  const { decoder } = decoding();
  feed(
    decoder,
    taskRecord({ taskId: 2, pid: 10, tid: 11, uid: 3, gid: 4, comm: "tar" }),
    pathRecord(4, "/etc/x"),
  );
  assert.equal(decoder.takeBatch(), null, "names alone make no batch yet");
  feed(decoder, callRecord({ taskId: 2, fileId: 4 }));
  const batch = decoder.takeBatch()!;
  assert.deepEqual(batch.tasks, [
    { slot: 2, pid: 10, tid: 11, uid: 3, gid: 4, comm: "tar", processStartNs: -5000 },
  ]);
  assert.deepEqual(batch.files, [{ slot: 4, path: "/etc/x" }]);
  feed(decoder, callRecord({ taskId: 2, fileId: 4 }));
  const second = decoder.takeBatch()!;
  assert.deepEqual([second.tasks, second.files], [[], []]);
});

Deno.test("thread names may fill their 16 bytes, be empty, or not be UTF-8", () => {
  const names = ["a234567890123456", "", Uint8Array.of(0x61, 0xff), "naïve"];
  const { decoder } = decoding();
  feed(decoder, ...names.map((comm, i) => taskRecord({ taskId: i + 1, comm })), callRecord());
  const batch = decoder.takeBatch()!;
  assert.deepEqual(batch.tasks.map(({ comm }) => comm), ["a234567890123456", "", "a\ufffd", "naïve"]);
});

Deno.test("numbers of rows go on from batch to batch, and each has its epoch", () => {
  const { decoder } = decoding(null, { epoch: 4 });
  feed(decoder, callRecord(), callRecord());
  const first = decoder.takeBatch()!;
  feed(decoder, callRecord());
  const second = decoder.takeBatch()!;
  assert.deepEqual([first.firstSeq, first.length, second.firstSeq, second.length], [1, 2, 3, 1]);
  assert.deepEqual([first.epoch, second.epoch], [4, 4]);
  assert.equal(decoder.takeBatch(), null);
});

Deno.test("a full batch stops the reader, and the next call opens a new one", () => {
  const { decoder } = decoding();
  const words = new Int32Array(callRecord({ ret: 6n }).buffer);
  for (let i = 1; i < LARGEST_BATCH; i++) assert.equal(decoder.record(words, 0, 56), true);
  assert.equal(decoder.length, LARGEST_BATCH - 1);
  assert.equal(decoder.record(words, 0, 56), false);
  const batch = decoder.takeBatch()!;
  assert.equal(batch.length, LARGEST_BATCH);
  assert.equal(batch.columns.ret[LARGEST_BATCH - 1], 6n);
  assert.equal(decoder.record(words, 0, 56), true);
  assert.equal(decoder.takeBatch()!.length, 1);
});

Deno.test("too many names end a batch, long before a slot is given away", () => {
  const { decoder } = decoding();
  feed(decoder, callRecord());
  let names = 0;
  while (feed(decoder, fileRecord({ fileId: names + 1 }, leafFirst("f")))) names++;
  assert.equal(names + 1, MOST_NAMES);
  assert.equal(decoder.takeBatch()!.files.length, MOST_NAMES);
  assert.equal(feed(decoder, pathRecord(1, "/a")), true);
});

Deno.test("names without calls do not pile up", () => {
  const { decoder } = decoding();
  let most = 0;
  for (let i = 0; i < 20_000; i++) {
    if (!feed(decoder, fileRecord({ fileId: i + 1 }, leafFirst("f")))) {
      const batch = decoder.takeBatch();
      assert.ok(batch, "names have reached their limit and no batch takes them");
      assert.equal(batch.length, 0);
      most = Math.max(most, batch.files.length);
    }
  }
  assert.equal(most, MOST_NAMES);
});

Deno.test("columns that came back are filled again, and nothing of their old rows shows", () => {
  const { decoder } = decoding();
  const full = callRecord({
    nr: nr("read"),
    restarts: 9,
    flags: RecordFlag.KILLED,
    gapNs: 5n,
    ret: 8n,
    fileId: 3,
    file2Id: 4,
    fd: 6,
  });
  feed(decoder, full, full);
  const first = decoder.takeBatch()!;
  decoder.recycle(first.columns);
  feed(decoder, callRecord());
  const second = decoder.takeBatch()!;
  assert.notEqual(second.columns, first.columns, "the batch before was being filled already");
  feed(decoder, callRecord({ nr: nr("close") }));
  const third = decoder.takeBatch()!;
  assert.equal(third.columns, first.columns);
  const row = Object.fromEntries(Object.entries(third.columns).map(([name, column]) => [name, column[0]]));
  assert.deepEqual(row, {
    enterNs: 1000,
    durationNs: 100,
    gapNs: NaN,
    ret: 0n,
    bytes: NaN,
    nr: nr("close"),
    task: 1,
    file: 0,
    oldFile: 0,
    fd: NO_FD,
    restarts: 0,
    flags: 0,
  });
});

Deno.test("calls still running come oldest first, once, and make no row", () => {
  const { decoder } = decoding();
  decoder.startNs = 100;
  feed(
    decoder,
    pathRecord(4, "/var/log"),
    runningRecord({ pid: 7, tid: 8, comm: "tail", nr: nr("read"), fileId: 4, enterNs: 900n }),
    runningRecord({ pid: 9, comm: "init", nr: 5000, enterNs: 300n }),
  );
  assert.equal(decoder.length, 0);
  assert.deepEqual(decoder.takeRunning(1000), [
    { pid: 9, tid: 9, comm: "init", syscall: "5000", path: null, ageNs: 800 },
    { pid: 7, tid: 8, comm: "tail", syscall: "read", path: "/var/log", ageNs: 200 },
  ]);
  assert.deepEqual(decoder.takeRunning(1000), []);
});

Deno.test("numbers of the other architecture have its byte classes", () => {
  const { decoder } = decoding(null, { arch: "aarch64" });
  feed(decoder, callRecord({ nr: 63, ret: 5n, size: 8 }), callRecord({ nr: 0, ret: 5n, size: 8 }));
  const { columns } = decoder.takeBatch()!;
  assert.equal(columns.bytes[0], 5, "read");
  assert.ok(Number.isNaN(columns.bytes[1]), "io_setup");
});

/** The words of a record. */
const wordsOf = (record: Uint8Array<ArrayBuffer>) => {
  const words = new Int32Array(Math.ceil(record.length / 4));
  new Uint8Array(words.buffer).set(record);
  return words;
};

Deno.test("a row lacks a name until the one with its number has come", () => {
  const { decoder } = decoding();
  const lacks = (record: Uint8Array<ArrayBuffer>) => decoder.lacksName(wordsOf(record), 0);
  assert.ok(lacks(callRecord()));
  feed(decoder, taskRecord({ taskId: 1 }));
  assert.ok(!lacks(callRecord()));
  assert.ok(lacks(callRecord({ taskId: 1 + 32_768 })), "another task in the same place");
  for (const name of [{ fileId: 5 }, { file2Id: 5 }]) assert.ok(lacks(callRecord(name)));
  const base = textRecord({}, { path: "a", base: 5 });
  const oldBase = textRecord({}, { path: "/a", oldPath: "b", oldBase: 5 });
  assert.ok(lacks(base) && lacks(oldBase));
  feed(decoder, pathRecord(5, "/tmp/a"));
  for (const name of [{ fileId: 5 }, { file2Id: 5 }]) assert.ok(!lacks(callRecord(name)));
  assert.ok(!lacks(base) && !lacks(oldBase));
  assert.ok(lacks(callRecord({ fileId: 5 + 65_536 })), "another file in the same place");
});

Deno.test("a row ends when it began and as long as it took later", () => {
  const { decoder } = decoding();
  const record = callRecord({ enterNs: 0x12_3456_789an, durationNs: 0x1_0000_0001n });
  assert.equal(decoder.endOf(wordsOf(record), 0), 0x12_3456_789a + 0x1_0000_0001);
});
