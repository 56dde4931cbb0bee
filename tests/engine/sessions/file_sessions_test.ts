import assert from "node:assert/strict";
import type { FileSession } from "../../../runtime/file_sessions.ts";
import { FileSessions, SESSION_LIMITS } from "../../../engine/sessions/file_sessions.ts";
import { Process } from "../../../engine/sessions/process.ts";
import { Renames } from "../../../engine/sessions/renames.ts";
import { PROCESS_CALLS } from "../../../engine/sessions/session_calls.ts";
import { EventFlag, type TaskName } from "../../../runtime/event_batch.ts";
import { parseExpression } from "../../../runtime/expression/mod.ts";
import { emptyFilter, type Filter } from "../../../runtime/filter/mod.ts";
import { syscallByName, syscallNumber, SYSCALLS } from "../../../runtime/syscalls/mod.ts";
import { batchOf, type Call, random, taskName, testSeed } from "../batches.ts";
import { heapInUse } from "../heap_in_use.ts";

const ALL: Filter = { ...emptyFilter(), syscalls: SYSCALLS.map(({ name }) => name) };
const EBADF = -9n;

/** A call by its name; 10 ns long, and each a microsecond after the one before. */
type Told = Omit<Call, "nr" | "file" | "oldFile" | "ret"> & {
  call: string;
  pid?: number;
  /** The thread, if it is not the leader. */
  tid?: number;
  ret?: number;
  path?: string;
  oldPath?: string;
};

/** Follows calls that are told in words. */
function follow(told: readonly Told[], selection = ALL, limits = SESSION_LIMITS) {
  const sessions = new FileSessions("x86_64", selection, limits);
  const paths = [...new Set(told.flatMap(({ path, oldPath }) => [path, oldPath]))].filter((path) =>
    path !== undefined
  );
  const slotOf = (path: string | undefined) => path === undefined ? 0 : 1 + paths.indexOf(path);
  const tasks = new Map<number, TaskName>();
  const starts = new Map<number, number>();
  // A process begins in the call that makes it, or right before its first call.
  told.forEach(({ ret, enterNs }, i) => starts.set(ret ?? 0, (enterNs ?? 1000 * i) + 5));
  told.forEach(({ call, pid = 70, tid = pid, path, oldPath, ret = 0, ...rest }, i) => {
    const nr = syscallNumber("x86_64", syscallByName(call)!)!;
    const isNew = !tasks.has(tid);
    if (isNew) {
      if (!starts.has(pid)) starts.set(pid, 1000 * i - 500);
      tasks.set(tid, taskName(tasks.size + 1, pid, { tid, processStartNs: starts.get(pid)! }));
    }
    sessions.ingest(batchOf([{
      nr,
      enterNs: 1000 * i,
      durationNs: 10,
      ret: BigInt(ret),
      task: tasks.get(tid)!.slot,
      file: slotOf(path),
      oldFile: slotOf(oldPath),
      ...rest,
    }], {
      firstSeq: i + 1,
      tasks: isNew ? [tasks.get(tid)!] : [],
      files: i === 0 ? paths.map((path, j) => ({ slot: j + 1, path })) : [],
    }));
  });
  return sessions.result();
}

const open = (fd: number, path: string, more: Partial<Told> = {}): Told => (
  { call: "openat", fd, path, ret: fd, ...more }
);
const read = (fd: number, path: string, bytes: number, more: Partial<Told> = {}): Told => (
  { call: "read", fd, path, ret: bytes, bytes, ...more }
);
const close = (fd: number, path: string, more: Partial<Told> = {}): Told => ({
  call: "close",
  fd,
  path,
  ...more,
});

/** What most tests look at. */
function brief({ sessions }: { sessions: FileSession[] }) {
  return sessions.map(({ path, openedBy, state, calls, readBytes, processes }) => (
    { path, openedBy, state, calls, readBytes, processes }
  ));
}

Deno.test("A session is from the open to the last close, with all that was done between", () => {
  const { sessions, seesProcesses } = follow([
    open(3, "/a"),
    read(3, "/a", 10),
    { call: "lseek", fd: 3, path: "/a", ret: 100 },
    { call: "write", fd: 3, path: "/a", ret: 7, bytes: 7 },
    { call: "write", fd: 3, path: "/a", ret: -28, bytes: 0 },
    { call: "fsync", fd: 3, path: "/a" },
    close(3, "/a"),
    open(3, "/a"),
  ]);
  assert.deepEqual(sessions[0], {
    path: "/a",
    pathRaw: null,
    pid: 70,
    comm: "task70",
    openedBy: "openat",
    openedNs: 0,
    flags: null,
    stack: null,
    closedNs: 6010,
    state: "closed",
    calls: 7,
    errors: 1,
    totalNs: 70,
    readBytes: 10,
    writeBytes: 7,
    fetchedBytes: null,
    seeks: 1,
    syncs: 1,
    access: "random",
    processes: 1,
  });
  assert.deepEqual([sessions.length, sessions[1].state, seesProcesses], [2, "open", false]);
});

Deno.test("A descriptor that is open for something else fails with EBADF too, and the call counts", () => {
  const { sessions } = follow([
    open(3, "/log"),
    read(3, "/log", Number(EBADF)),
    { call: "copy_file_range", fd: 3, oldPath: "/log", path: "/copy", ret: Number(EBADF) },
    { call: "read", fd: 4, ret: Number(EBADF) },
  ]);
  assert.deepEqual(sessions.map(({ path, calls, errors }) => [path, calls, errors]), [["/log", 3, 2]]);
});

Deno.test("A session has the stack of its open, and what its calls and copies out of it brought into the page cache", () => {
  const fetched = (fetchedBytes: number) => ({ extra: { fetchedBytes } });
  const { sessions } = follow([
    open(3, "/a", { extra: { stack: 3, fetchedBytes: 1 } }),
    open(4, "/b", { extra: {} }),
    open(5, "main;open", { extra: {} }),
    read(3, "/a", 10, fetched(20)),
    read(3, "/a", -5, fetched(300)),
    { call: "sendfile", fd: 4, path: "/b", oldPath: "/a", ret: 9, bytes: 9, ...fetched(4000) },
    { call: "copy_file_range", fd: 3, path: "/b", oldPath: "/a", ret: 9, bytes: 9, ...fetched(50_000) },
  ]);
  assert.deepEqual(sessions.map(({ path, stack, fetchedBytes }) => [path, stack, fetchedBytes]), [
    ["/a", "main;open", 54_321],
    ["/b", null, null],
    ["main;open", null, null],
  ]);
});

Deno.test("What a session has fetched is unknown when that of one of its reads is", () => {
  const known = { extra: { fetchedBytes: 20 } };
  const copy = { call: "copy_file_range", fd: 4, path: "/c", oldPath: "/b", ret: 9, bytes: 9, extra: {} };
  const { sessions } = follow([
    ...["/a", "/b", "/c"].map((path, i) => open(3 + i, path, known)),
    read(3, "/a", 10, known),
    read(3, "/a", -5, { extra: {} }),
    read(4, "/b", 10, known),
    copy,
    read(5, "/c", 10, known),
    { call: "io_uring:READ", fd: 5, path: "/c", ret: 10, bytes: 10, extra: {} },
  ]);
  assert.deepEqual(sessions.map(({ path, fetchedBytes }) => [path, fetchedBytes]), [
    ["/a", 40],
    ["/b", null],
    ["/c", null],
  ]);
});

Deno.test("Offsets and flags are known where calls say them, and those of creat always", () => {
  const at = (offsetBytes: number) => ({ extra: { offsetBytes } });
  const pread = (fd: number, offset: number): Told => (
    { call: "pread64", fd, path: "/a", ret: 10, bytes: 10, ...at(offset) }
  );
  const { sessions } = follow([
    open(3, "/a", { extra: { flags: 2 } }),
    open(7, "O_RDWR|O_CLOEXEC"),
    ...[0, 10, 20, 30].map((offset) => pread(3, offset)),
    { call: "creat", fd: 4, path: "/a", ret: 4 },
    ...[0, 70, 20].map((offset) => pread(4, offset)),
    { call: "openat2", fd: 5, path: "/a", ret: 5 },
    pread(5, NaN),
    pread(5, NaN),
    open(6, "/a"),
    ...[1, 2, 3].map((): Told => ({ call: "preadv2", fd: 6, path: "/a", ret: 10, bytes: 10, ...at(-1) })),
  ]);
  assert.deepEqual(sessions.map(({ flags, access }) => [flags, access]), [
    ["O_RDWR|O_CLOEXEC", "sequential"],
    [null, null],
    ["O_WRONLY|O_CREAT|O_TRUNC", "random"],
    [null, "unknown"],
    [null, "sequential"],
  ]);
});

Deno.test("Writes to a file that was opened with O_APPEND are at its end, also those at an offset; reads are where they say", () => {
  const at = (call: string, fd: number, offsetBytes: number): Told => (
    { call, fd, path: "/a", ret: 10, bytes: 10, extra: { offsetBytes } }
  );
  const five = (call: string, fd: number, offset: number) =>
    Array.from({ length: 5 }, (_, i) => at(call, fd, offset * i));
  const opened = (fd: number) => open(fd, "/a", { extra: { flags: 2 } });
  const { sessions } = follow([
    opened(3),
    open(9, "O_WRONLY|O_CREAT|O_APPEND"),
    opened(4),
    opened(5),
    opened(6),
    open(7, "/a"),
    ...five("pwrite64", 3, 0),
    ...five("write", 3, NaN),
    ...five("pwrite64", 4, NaN),
    ...five("pread64", 5, 100),
    ...five("pwritev2", 6, -1),
    ...five("pwrite64", 7, 0),
  ]);
  assert.deepEqual(sessions.filter(({ path }) => path === "/a").map(({ access }) => access), [
    "sequential",
    "sequential",
    "strided",
    "sequential",
    "strided",
  ]);
});

Deno.test("Files whose names differ only in bytes that are not UTF-8 are apart, and each session has the exact bytes", () => {
  const sessions = new FileSessions("x86_64", ALL, SESSION_LIMITS);
  const nr = syscallNumber("x86_64", syscallByName("sendfile")!)!;
  const read = syscallNumber("x86_64", syscallByName("read")!)!;
  const names = [0xe8, 0xe9].map((byte, i) => ({
    slot: i + 1,
    path: "/a\ufffd",
    raw: Uint8Array.of(0x2f, 0x61, byte),
  }));
  const calls = [
    { nr: read, fd: 3, file: 1, ret: 5n, bytes: 5 },
    { nr: read, fd: 4, file: 2, ret: 6n, bytes: 6 },
    // From the one to the other, and to nothing else that looks like it.
    { nr, fd: 3, file: 1, oldFile: 2, ret: 7n, bytes: 7 },
  ];
  sessions.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files: [...names, { slot: 3, path: "/b" }] }));
  const found = sessions.result().sessions.map((
    { path, pathRaw, readBytes, writeBytes },
  ) => [path, pathRaw, readBytes, writeBytes]);
  assert.deepEqual(found, [["/a\ufffd", "L2Ho", 5, 7], ["/a\ufffd", "L2Hp", 13, 0]]);
  const named = follow([open(3, "/a"), close(3, "/a")]).sessions;
  assert.deepEqual(named.map(({ path, pathRaw }) => [path, pathRaw]), [["/a", null]]);
});

Deno.test("Duplicates are of one session, which ends with the last of them", () => {
  const calls = [
    open(3, "/a"),
    { call: "dup", fd: 3, path: "/a", ret: 4 },
    { call: "dup2", fd: 4, path: "/a", ret: 9 },
    { call: "fcntl", fd: 9, path: "/a", ret: 12 },
    close(3, "/a"),
    close(4, "/a"),
    read(12, "/a", 5),
    close(9, "/a"),
  ];
  assert.deepEqual(brief(follow(calls)), [
    { path: "/a", openedBy: "openat", state: "open", calls: 8, readBytes: 5, processes: 1 },
  ]);
  const all = follow([...calls, close(12, "/a")]);
  assert.deepEqual([all.sessions.length, all.sessions[0].state], [1, "closed"]);
});

Deno.test("A descriptor that is made again has been closed unseen, also as the target of a dup2", () => {
  const found = follow([
    open(3, "/a"),
    open(3, "/b"),
    open(4, "/c"),
    { call: "dup3", fd: 4, path: "/c", ret: 3 },
  ]);
  assert.deepEqual(found.sessions.map(({ path, state }) => [path, state]).sort(), [
    ["/a", "closed"],
    ["/b", "closed"],
    ["/c", "open"],
  ]);
});

Deno.test("A child has what its parent had, whichever of the two is seen first", () => {
  const parent = [open(3, "/a"), open(4, "/b")];
  const fork = { call: "clone", ret: 71 };
  const child = [read(3, "/a", 5, { pid: 71 }), close(4, "/b", { pid: 71 }), { call: "exit_group", pid: 71 }];
  const wanted = [
    { path: "/a", openedBy: "openat", state: "closed", calls: 3, readBytes: 5, processes: 2 },
    { path: "/b", openedBy: "openat", state: "open", calls: 2, readBytes: 0, processes: 2 },
  ];
  const sorted = (told: Told[]) => brief(follow(told)).sort((a, b) => a.path < b.path ? -1 : 1);
  assert.deepEqual(sorted([...parent, fork, ...child, close(3, "/a")]), wanted);
  // The parent closes its descriptor before the child has been seen at all.
  assert.deepEqual(sorted([...parent, fork, close(3, "/a"), ...child]), wanted);
  // The child runs before the call of its parent has returned, as after vfork.
  const late = { ...fork, call: "vfork", enterNs: 1500, durationNs: 2510 };
  assert.deepEqual(sorted([...parent, ...child.slice(0, 2), late, close(3, "/a"), child[2]]), wanted);
  assert.deepEqual(sorted([...parent, ...child, { ...late, durationNs: 3510 }, close(3, "/a")]), wanted);
});

Deno.test("A thread has no descriptors of its own, and keeps none open", () => {
  const { sessions } = follow([open(3, "/a"), { call: "clone3", ret: 99 }, close(3, "/a")]);
  assert.deepEqual(sessions.map(({ state }) => state), ["closed"]);
});

Deno.test("The exit of the last thread closes what the process has open, that of another one does not", () => {
  const states = (told: Told[]) => follow(told).sessions.map(({ state }) => state);
  const fork = { call: "clone", ret: 71 };
  const opens = open(3, "/a", { pid: 71 });
  const thread = { call: "clone3", ret: 72, pid: 71 };
  const [lead, other] = [{ call: "exit", pid: 71 }, { call: "exit", pid: 71, tid: 72 }];
  const reads = read(3, "/a", 1, { pid: 71, tid: 72 });
  assert.deepEqual(states([fork, opens, lead]), ["closed"]);
  assert.deepEqual(states([fork, opens, thread, other]), ["open"]);
  assert.deepEqual(states([fork, opens, thread, lead]), ["open"], "a thread that is not seen yet");
  assert.deepEqual(states([fork, opens, thread, lead, reads]), ["open"]);
  assert.deepEqual(states([fork, opens, thread, lead, reads, other]), ["closed"]);
  // The thread runs before the call that has made it returns.
  assert.deepEqual(states([fork, opens, reads, thread, lead]), ["open"]);
  assert.deepEqual(states([fork, opens, reads, other, thread, lead]), ["closed"]);
  assert.deepEqual(
    states([fork, { ...opens, tid: 72 }, other]),
    ["open"],
    "the first one, whose calls are not seen",
  );
  // It was there before the trace: it may have more threads.
  const sessions = new FileSessions("x86_64", ALL);
  const calls = [{ nr: 257, fd: 3, ret: 3n, file: 1 }, { nr: 60, flags: EventFlag.NO_RETURN }];
  const names = { files: [{ slot: 1, path: "/a" }], tasks: [taskName(1, 70, { processStartNs: -1 })] };
  sessions.ingest(batchOf(calls, names));
  assert.deepEqual(sessions.result().sessions.map(({ state }) => state), ["open"]);
});

Deno.test("Calls of other threads that return after the exit of their process are on what it had open", () => {
  const [fork, exit] = [{ call: "clone", ret: 71 }, { call: "exit_group", pid: 71 }];
  const thread = { pid: 71, tid: 72 };
  const opens = open(3, "/a", { pid: 71 });
  const session = { path: "/a", openedBy: "openat", state: "closed", processes: 1 };
  for (const seen of [[], [read(3, "/a", 10, thread)]]) {
    const told = [fork, opens, ...seen, exit, read(3, "/a", 10, thread)];
    assert.deepEqual(brief(follow(told)), [{
      ...session,
      calls: 2 + seen.length,
      readBytes: 10 * (1 + seen.length),
    }]);
  }
  assert.deepEqual(brief(follow([fork, opens, exit, close(3, "/a", thread)])), [{
    ...session,
    calls: 2,
    readBytes: 0,
  }]);
  assert.deepEqual(brief(follow([fork, exit, { ...opens, ...thread }])), [{
    ...session,
    calls: 1,
    readBytes: 0,
  }]);
  const child = { pid: 73 };
  const forked = [fork, opens, exit, { call: "clone", ret: 73, ...thread }, read(3, "/a", 10, child)];
  const shared = { ...session, calls: 2, readBytes: 10, processes: 2 };
  assert.deepEqual(brief(follow(forked)), [{ ...shared, state: "open" }]);
  assert.deepEqual(brief(follow([...forked, { call: "exit_group", ...child }])), [shared]);
});

Deno.test("After an exec or the close of a range nothing is sure but what is used again", () => {
  for (const call of [{ call: "execve", path: "/bin/cat" }, { call: "close_range" }]) {
    const found = follow([open(3, "/a"), open(4, "/b"), call, read(4, "/b", 1), open(3, "/c")]);
    assert.deepEqual(found.sessions.map(({ path, state }) => [path, state]).sort(), [
      ["/a", "closed"],
      ["/b", "open"],
      ["/c", "open"],
    ]);
    const unused = follow([open(3, "/a"), call]);
    assert.deepEqual(unused.sessions.map(({ state }) => state), ["unsure"]);
  }
});

Deno.test("A descriptor that is found to be of another file has been closed by then, not before its open", () => {
  for (const call of [{ call: "execve", path: "/bin/cat" }, { call: "close_range" }]) {
    const { sessions } = follow([close(9, "/z"), open(3, "/a"), call, read(3, "/b", 1)]);
    const { openedNs, closedNs, state } = sessions.find(({ path }) => path === "/a")!;
    assert.deepEqual([openedNs, closedNs, state], [1000, 3000, "unsure"]);
  }
});

Deno.test("A descriptor whose close and open were not seen is of a session of its own from its next call on", () => {
  const whole = { path: "/a", openedBy: "openat", calls: 2, readBytes: 1, processes: 1 };
  const own = { path: "/b", openedBy: null, state: "open", calls: 1, readBytes: 20, processes: 1 };
  assert.deepEqual(brief(follow([open(3, "/a"), read(3, "/a", 1), read(3, "/b", 20)])), [
    { ...whole, state: "unsure" },
    own,
  ]);
  // Another descriptor is of the file still.
  const dup = { call: "dup", fd: 3, path: "/a", ret: 4 };
  const told = [open(3, "/a"), dup, read(3, "/b", 20), read(4, "/a", 1)];
  assert.deepEqual(brief(follow(told)), [{ ...whole, state: "open", calls: 3 }, own]);
  assert.deepEqual(brief(follow([...told, close(4, "/a")])), [{ ...whole, state: "unsure", calls: 4 }, own]);
  // What the child seems to have had from the start was not inherited.
  const child = [open(3, "/c", { pid: 71 }), read(3, "/b", 20, { pid: 71 })];
  const fork = { call: "clone", ret: 71, enterNs: 500, durationNs: 3510 };
  assert.deepEqual(brief(follow([open(3, "/b"), ...child, fork])), [
    { path: "/c", openedBy: "openat", state: "unsure", calls: 1, readBytes: 0, processes: 1 },
    { path: "/b", openedBy: "openat", state: "open", calls: 1, readBytes: 0, processes: 1 },
    own,
  ]);
  // It is no file any more, and was none before.
  const pipe = read(3, "pipe:[12]", 20);
  assert.deepEqual(brief(follow([open(3, "/a"), read(3, "/a", 1), pipe])), [{ ...whole, state: "unsure" }]);
  assert.deepEqual(brief(follow([pipe, read(3, "/b", 20)])), [own]);
});

Deno.test("A file that is renamed while it is open stays one session, by any process and under every name", () => {
  const wanted = { path: "/d/a", openedBy: "openat", state: "closed", processes: 1 };
  const rename = (oldPath: string, path: string, call = "rename", ret = 0): Told => (
    { call, oldPath, path, ret, pid: 80 }
  );
  const opened = open(3, "/d/a");
  const once = [opened, rename("/d/a", "/d/b"), read(3, "/d/b", 1), close(3, "/d/b (deleted)")];
  assert.deepEqual(brief(follow(once)), [{ ...wanted, calls: 3, readBytes: 1 }]);
  const often = [
    opened,
    rename("/d/a", "/d/b", "renameat"),
    rename("/d", "/e/f", "renameat2"),
    { call: "execve", path: "/bin/cat" },
    // It has entered before.
    read(3, "/d/a", 1),
    rename("/e/f/b", "/d"),
    read(3, "/d", 1),
    rename("/d", "/d/a"),
    rename("/other", "/d"),
    close(3, "/d/a (deleted)"),
  ];
  assert.deepEqual(brief(follow(often)), [{ ...wanted, calls: 4, readBytes: 2 }]);
  const copy = { call: "copy_file_range", fd: 4, oldPath: "/d/c", path: "/d/b", ret: 5, bytes: 5 };
  const { sessions } = follow([opened, open(4, "/d/c"), rename("/d/a", "/d/b"), copy]);
  assert.deepEqual(sessions.map(({ writeBytes }) => writeBytes), [5, 0]);
  for (const other of [rename("/d/a", "/d/b", "rename", -1), rename("/d/c", "/d/b"), rename("/d/", "/d/b")]) {
    assert.equal(follow([opened, other, read(3, "/d/b", 1)]).sessions.length, 2);
  }
});

Deno.test("Calls that return under the new name of a file before its rename does are of the one session", () => {
  const rename = { call: "rename", oldPath: "/d/a", path: "/d/b", pid: 80 };
  const wanted = { path: "/d/a", openedBy: "openat", processes: 1 };
  // The second read has entered before the rename.
  const told = [open(3, "/d/a"), read(3, "/d/b", 1), read(3, "/d/a", 2), read(3, "/d/b", 4)];
  const late = { ...rename, enterNs: 500, durationNs: 3510 };
  assert.deepEqual(brief(follow([...told, late])), [{ ...wanted, state: "open", calls: 4, readBytes: 7 }]);
  assert.deepEqual(brief(follow([...told, late, close(3, "/d/b")])), [
    { ...wanted, state: "closed", calls: 5, readBytes: 7 },
  ]);
  const { sessions } = follow([...told, close(3, "/d/b"), { ...late, durationNs: 4510 }]);
  assert.deepEqual(sessions.map(({ state, closedNs, calls }) => [state, closedNs, calls]), [[
    "closed",
    4010,
    5,
  ]]);
  // It has begun after them, or is of another file.
  for (const other of [rename, { ...late, path: "/d/c" }, { ...late, oldPath: "/d/c" }]) {
    assert.equal(follow([...told, other]).sessions.length, 4);
  }
});

Deno.test("Of many renames the last ones are known, and directories that go into one another have no end of names", () => {
  const renames = new Renames();
  for (let i = 0; i < 5000; i++) renames.add(`/${i}`, `/${i + 1}`);
  assert.deepEqual([...renames.namesOf("/1000/a")], ["/1000/a"]);
  assert.deepEqual([...renames.namesOf("/5000/a")].slice(0, 3), ["/5000/a", "/4999/a", "/4998/a"]);
  renames.add("/a", "/b");
  renames.add("/b/c", "/a");
  assert.equal(renames.namesOf("/a/x").size, 32);
});

Deno.test("A file that is deleted while it is open stays one session, through exec and fork", () => {
  const gone = "/a (deleted)";
  const exec = { call: "execve", path: "/bin/cat" };
  const wanted = { path: "/a", openedBy: "openat", state: "closed", readBytes: 1 };
  assert.deepEqual(brief(follow([open(3, "/a"), exec, read(3, gone, 1), close(3, gone)])), [
    { ...wanted, calls: 3, processes: 1 },
  ]);
  const fork = { call: "clone", ret: 71 };
  const child = [{ ...exec, pid: 71 }, read(3, gone, 1, { pid: 71 }), { call: "exit_group", pid: 71 }];
  assert.deepEqual(brief(follow([open(3, "/a"), fork, ...child, close(3, gone)])), [
    { ...wanted, calls: 3, processes: 2 },
  ]);
  // The child runs before the call of its parent has returned.
  const late = { ...fork, enterNs: 500, durationNs: 3510 };
  assert.deepEqual(brief(follow([open(3, "/a"), ...child.slice(1), late, close(3, gone)])), [
    { ...wanted, calls: 3, processes: 2 },
  ]);
  assert.equal(follow([open(3, "/a"), exec, read(3, "/a2", 1)]).sessions.length, 2);
  const copy = { call: "copy_file_range", fd: 3, path: "/b (deleted)", oldPath: gone, ret: 5, bytes: 5 };
  const copied = follow([open(3, "/a"), open(4, "/b"), copy]).sessions;
  assert.deepEqual(copied.map(({ readBytes, writeBytes }) => [readBytes, writeBytes]), [[5, 0], [0, 5]]);
});

Deno.test("What was open before has no open, and its end is not known", () => {
  assert.deepEqual(brief(follow([read(7, "/a", 5), read(7, "/a", 5), close(7, "/a")])), [
    { path: "/a", openedBy: null, state: "unsure", calls: 3, readBytes: 10, processes: 1 },
  ]);
});

Deno.test("Another process of the same number has none of the descriptors of the one before", () => {
  const sessions = new FileSessions("x86_64", ALL);
  const file = { files: [{ slot: 1, path: "/a" }] };
  const call = { nr: 257, fd: 3, ret: 3n, file: 1 };
  sessions.ingest(batchOf([call], { ...file, tasks: [taskName(1, 70, { processStartNs: 0 })] }));
  sessions.ingest(
    batchOf([{ ...call, nr: 0, task: 2 }], { tasks: [taskName(2, 70, { processStartNs: 5000 })] }),
  );
  assert.deepEqual(brief(sessions.result()).map(({ openedBy, state }) => [openedBy, state]), [
    ["openat", "closed"],
    [null, "open"],
  ]);
});

Deno.test("A process that has begun after a fork is not its child, though it has the number that this returned", () => {
  const sessions = new FileSessions("x86_64", ALL);
  const [openat, clone] = ["openat", "clone"].map((name) => syscallNumber("x86_64", syscallByName(name)!)!);
  const calls = [{ nr: openat, fd: 3, ret: 3n, file: 1 }, {
    nr: clone,
    ret: 71n,
    enterNs: 1000,
    durationNs: 10,
  }];
  const names = { files: [{ slot: 1, path: "/a" }], tasks: [taskName(1, 70, { processStartNs: 0 })] };
  sessions.ingest(batchOf(calls, names));
  const read = { nr: 0, fd: 3, ret: 1n, file: 1, task: 2, enterNs: 9000 };
  sessions.ingest(batchOf([read], { tasks: [taskName(2, 71, { processStartNs: 5000 })] }));
  assert.deepEqual(brief(sessions.result()).map(({ openedBy, calls }) => [openedBy, calls]), [
    ["openat", 1],
    [null, 1],
  ]);
});

Deno.test("Where copies read and write is not known of either file, and a copy of nothing says nothing", () => {
  const copy = (bytes: number) => ({ call: "sendfile", fd: 4, oldPath: "/a", path: "/b", ret: bytes, bytes });
  const access = (...calls: Told[]) =>
    follow([open(3, "/a"), open(4, "/b"), ...calls]).sessions.map(({ path, access }) => [path, access]);
  const reads = [read(3, "/a", 5), read(3, "/a", 5)];
  assert.deepEqual(access(...reads, copy(10), copy(10), copy(10)), [["/a", "unknown"], ["/b", "unknown"]]);
  assert.deepEqual(access(...reads, copy(10), copy(0), copy(0)), [["/a", "sequential"], ["/b", null]]);
});

Deno.test("A copy reads from one file and writes to the other", () => {
  const { sessions } = follow([
    open(3, "/a"),
    open(4, "/b"),
    { call: "copy_file_range", fd: 3, oldPath: "/a", path: "/b", ret: 100, bytes: 100 },
    { call: "sendfile", fd: 4, oldPath: "/a", path: "/b", ret: 10, bytes: 10 },
  ]);
  assert.deepEqual(
    sessions.map(({ path, readBytes, writeBytes, access }) => [path, readBytes, writeBytes, access]),
    [
      ["/a", 110, 0, "unknown"],
      ["/b", 0, 110, "unknown"],
    ],
  );
});

Deno.test("A copy that io_uring makes is written, and what it reads from is not known", () => {
  const { sessions } = follow([open(4, "/b"), {
    call: "io_uring:SPLICE",
    fd: 4,
    path: "/b",
    ret: 100,
    bytes: 100,
  }]);
  assert.deepEqual(sessions.map(({ readBytes, writeBytes }) => [readBytes, writeBytes]), [[0, 100]]);
});

Deno.test("A copy within a file is read and written where one session was opened for that, and else only read or written", () => {
  const copy = { call: "copy_file_range", fd: 3, oldPath: "/a", path: "/a", ret: 100, bytes: 100 };
  const bytesOf = (told: Told[]) =>
    follow(told).sessions.map(({ readBytes, writeBytes }) => [readBytes, writeBytes]);
  assert.deepEqual(bytesOf([open(3, "/a"), { call: "dup", fd: 3, path: "/a", ret: 4 }, copy]), [[100, 100]]);
  // Either may be the target.
  assert.deepEqual(bytesOf([open(3, "/a"), open(4, "/a"), copy]), [[100, 0], [0, 0]]);
  const modes = ["O_RDONLY", "O_WRONLY", "O_RDWR"];
  const texts = ["/a", ...modes].map((path, i) => open(10 + i, path));
  const opened = (fd: number, mode: string) => open(fd, "/a", { extra: { flags: 2 + modes.indexOf(mode) } });
  const copied = (from: string, to: string) =>
    bytesOf([...texts, close(10, "/a"), opened(3, from), opened(4, to), copy]).slice(-2);
  assert.deepEqual(copied("O_RDONLY", "O_RDWR"), [[100, 0], [0, 100]]);
  assert.deepEqual(copied("O_RDONLY", "O_WRONLY"), [[100, 0], [0, 100]]);
  assert.deepEqual(copied("O_RDWR", "O_RDONLY"), [[100, 100], [0, 0]]);
  assert.deepEqual(copied("O_RDWR", "O_WRONLY"), [[100, 0], [0, 0]]);
});

Deno.test("Requests to io_uring close and sync as calls do; that to close a registered file closes no descriptor", () => {
  const { sessions } = follow([
    open(3, "/a"),
    { call: "io_uring:FSYNC", fd: 3, path: "/a" },
    { call: "io_uring:SYNC_FILE_RANGE", fd: 3, path: "/a" },
    { call: "io_uring:CLOSE", fd: 3, path: "/a" },
    { call: "io_uring:OPENAT", fd: 3, path: "/b", ret: 3 },
    { call: "io_uring:CLOSE" },
  ]);
  assert.deepEqual(
    sessions.map(({ path, calls, syncs, state, closedNs }) => [path, calls, syncs, state, closedNs]),
    [["/a", 4, 2, "closed", 3010], ["/b", 1, 0, "open", null]],
  );
});

Deno.test("Pipes, sockets and terminals are no files, and a bad descriptor is none", () => {
  const { sessions } = follow([
    read(0, "/dev/pts/1", 5),
    read(5, "pipe:[12]", 5),
    read(7, "anon_inode:bpf-map", 5),
    read(6, "TCP:[1.2.3.4:5->6.7.8.9:10]", 5),
    { call: "read", fd: 9, ret: Number(EBADF) },
    { call: "inotify_add_watch", fd: 8, path: "/watched", ret: 1 },
    { call: "openat", fd: undefined, path: "/missing", ret: -2 },
  ]);
  assert.deepEqual(sessions, []);
});

Deno.test("A selection shows the sessions that have a selected call, with all of their calls", () => {
  const where = parseExpression({ option: "--where", text: "syscall = write", example: "" });
  const { sessions } = follow([
    open(3, "/a"),
    open(4, "/b"),
    { call: "write", fd: 3, path: "/a", ret: 1, bytes: 1 },
    read(4, "/b", 1),
    close(3, "/a"),
  ], { ...ALL, where });
  assert.deepEqual(sessions.map(({ path, calls }) => [path, calls]), [["/a", 3]]);
});

Deno.test("Of more sessions than fit those with the least time are left out, and counted", () => {
  const times = Array.from({ length: 20 }, (_, i) => i).flatMap((i) => [
    open(3, `/${i}`, { durationNs: 10 * (i + 1) }),
    close(3, `/${i}`),
  ]);
  const limits = { ...SESSION_LIMITS, finished: 5, open: 3, forks: 2 };
  const { sessions, folded } = follow(times, ALL, limits);
  assert.ok(sessions.length < 10);
  assert.equal(sessions.length + folded, 20);
  assert.ok(sessions.some(({ path }) => path === "/19") && !sessions.some(({ path }) => path === "/0"));
  const many = follow(Array.from({ length: 10 }, (_, i) => open(i, `/${i}`)), ALL, limits);
  assert.deepEqual([many.sessions.length, many.folded], [3, 7]);
});

Deno.test("Of more processes than fit those named first are let go, and whether their files are open is not known", () => {
  const opens = [70, 71, 72, 73].map((pid) => open(3, `/${pid}`, { pid }));
  const { sessions } = follow([...opens, close(3, "/70", { pid: 70 })], ALL, {
    ...SESSION_LIMITS,
    processes: 2,
  });
  const states = sessions.map(({ path, state }) => `${path} ${state}`);
  assert.deepEqual(states.sort(), ["/70 closed", "/71 unsure", "/72 open", "/73 open"]);
});

Deno.test("A process that closes every number there is takes no memory for each, and may have closed any", () => {
  const process = new Process(70, 0);
  for (let fd = 0; fd < 1000; fd++) process.touch(fd);
  assert.deepEqual([process.mayHaveTouched(999), process.mayHaveTouched(5000)], [true, false]);
  const before = heapInUse();
  for (let fd = 0; fd < 2_000_000; fd++) process.touch(fd);
  assert.ok(heapInUse() - before < 8 * 1024 ** 2);
  assert.ok(process.mayHaveTouched(5000));
});

Deno.test("Calls that do not return, without names, and of unknown numbers change nothing", () => {
  assert.deepEqual(
    follow([{ call: "exit_group", flags: EventFlag.NO_RETURN, durationNs: NaN }, {
      call: "read",
      fd: 3,
      ret: 1,
    }]).sessions,
    [],
  );
  assert.ok(PROCESS_CALLS.every((name) => syscallByName(name) !== undefined));
});

Deno.test("Whatever processes do with descriptors, sessions are those of a kernel that knows", () => {
  const seed = testSeed();
  for (let run = 0; run < 30; run++) {
    const next = random(seed + run);
    const { told, wanted } = randomProcesses(next, 300);
    const found = follow(told).sessions.map(({ openedNs, state, calls, readBytes }) => (
      { openedNs, state, calls, readBytes }
    ));
    assert.deepEqual(found.sort((a, b) => a.openedNs! - b.openedNs!), wanted, `run ${run}`);
  }
});

/** Random calls of some processes that all come from one, and the descriptions as a kernel has them. */
function randomProcesses(next: () => number, count: number) {
  const whole = (limit: number) => Math.floor(next() * limit);
  const descriptions: { openedNs: number; path: string; calls: number; readBytes: number }[] = [];
  const tables = new Map<number, Map<number, number>>([[70, new Map()]]);
  const told: Told[] = [];
  for (let i = 0; i < count; i++) {
    const pid = [...tables.keys()][whole(tables.size)];
    const table = tables.get(pid)!;
    const fds = [...table.keys()];
    const choice = next();
    if (fds.length === 0 || choice < 0.2) {
      const fd = whole(8);
      const path = `/${descriptions.length % 5}`;
      table.set(fd, descriptions.push({ openedNs: 1000 * i, path, calls: 1, readBytes: 0 }) - 1);
      told.push(open(fd, path, { pid }));
      continue;
    }
    const fd = fds[whole(fds.length)];
    const description = descriptions[table.get(fd)!];
    const { path } = description;
    if (choice < 0.25 && tables.size < 6) {
      const child = 71 + i;
      tables.set(child, new Map(table));
      told.push({ call: "clone", ret: child, pid });
    } else if (choice < 0.28 && tables.size > 1) {
      tables.delete(pid);
      told.push({ call: "exit_group", pid });
    } else {
      description.calls++;
      if (choice < 0.4) {
        table.delete(fd);
        told.push(close(fd, path, { pid }));
      } else if (choice < 0.55) {
        const target = whole(8);
        table.set(target, table.get(fd)!);
        told.push({ call: "dup2", fd, path, ret: target, pid });
      } else {
        description.readBytes += 3;
        told.push(read(fd, path, 3, { pid }));
      }
    }
  }
  // A child that was never seen holds what it has inherited; nothing tells that it does.
  const seen = new Set(told.map(({ pid }) => pid));
  const held = new Set([...tables].flatMap(([pid, table]) => seen.has(pid) ? [...table.values()] : []));
  const wanted = descriptions.map(({ openedNs, calls, readBytes }, i) => (
    { openedNs, state: held.has(i) ? "open" : "closed", calls, readBytes }
  ));
  return { told, wanted };
}
