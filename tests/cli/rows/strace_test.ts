import assert from "node:assert/strict";
import { errnoMessage } from "../../../cli/rows/errno_messages.ts";
import { createStraceRenderer } from "../../../cli/rows/mod.ts";
import { straceNote, straceString } from "../../../cli/rows/strace_text.ts";
import { errnoName } from "../../../runtime/errno.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { SYSCALLS } from "../../../runtime/syscalls/mod.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import { parseStrace } from "../../kernel_lib/strace_log.ts";
import { ROW, ROWS, STARTED } from "./fixture.ts";

const render = createStraceRenderer(STARTED);

function line(row: Partial<StreamRow>): string {
  return render({ ...ROW, ...row })!;
}

/** The call of a line, without the thread, the time and what comes behind the arguments. */
function callText(row: Partial<StreamRow>): string {
  return /^\d+ \d+\.\d{6} (.*?\)) += /.exec(line(row))![1];
}

/** A line without the time, which the parser of the kernel tests does not know. */
function parsed(text: string) {
  return parseStrace(text.replace(/^(\d+) \d+\.\d{6} /gm, "$1 "));
}

/** Rows of calls whose arguments rows know in different ways. */
const CALLS: Partial<StreamRow>[] = [
  { syscall: "openat", fd: 3, path: "/etc/passwd", ret: 3, bytes: null },
  { syscall: "openat", fd: null, path: "/none", ret: -2, errno: "ENOENT", failed: true, bytes: null },
  { syscall: "close", fd: 3, path: "/tmp/x (deleted)", ret: 0 },
  { syscall: "read", fd: 0, path: "pipe:[81723]", ret: null, latencyNs: 2_000_000_000 },
  { syscall: "write", fd: -1, path: null, ret: -9, errno: "EBADF", failed: true },
  { syscall: "sendto", fd: 7, path: "TCP:[127.0.0.1:1->127.0.0.1:2]", ret: 5 },
  { syscall: "mmap", fd: null, path: null, ret: 140_234_567_890_123n },
  { syscall: "mmap", fd: 3, path: "/usr/lib/libc.so.6", ret: 140_234_567_890_123n },
  { syscall: "renameat2", fd: null, oldPath: "/a", path: "/b", ret: 0 },
  { syscall: "symlinkat", fd: null, oldPath: "target", path: "/link", ret: 0 },
  { syscall: "newfstatat", fd: null, path: "/etc", ret: 0 },
  { syscall: "newfstatat", fd: 4, path: "/etc", ret: 0 },
  { syscall: "linkat", fd: 4, oldPath: "/tmp/#1 (deleted)", path: "/new", ret: 0 },
  { syscall: "move_mount", fd: 5, path: "/mnt", ret: 0 },
  { syscall: "inotify_add_watch", fd: 6, path: "/var", ret: 1 },
  { syscall: "copy_file_range", fd: 3, oldPath: "/from", path: "/to", ret: 4096 },
  { syscall: "sendfile", fd: 4, oldPath: "/from", path: "socket:[9]", ret: 4096 },
  { syscall: "getcwd", fd: null, path: "/home/ada", ret: 10 },
  { syscall: "socket", fd: 8, path: "TCP:[12]", ret: 8 },
  { syscall: "signalfd4", fd: 9, path: "anon_inode:[signalfd]", ret: 9 },
  { syscall: "unlink", fd: null, path: null, pathError: "fault", ret: -14, errno: "EFAULT", failed: true },
  { syscall: "stat", fd: null, path: "/long", pathError: "truncated", ret: 0 },
  { syscall: "exit_group", fd: null, path: null, ret: null, latencyNs: null },
  { syscall: "rt_sigreturn", fd: null, path: null, ret: null, latencyNs: null },
  { syscall: "1999", fd: null, path: null, ret: -38, errno: "ENOSYS", failed: true },
  { syscall: "ioctl", fd: 3, path: "/dev/x", ret: -4000, errno: "E4000", failed: true },
];

Deno.test("Rows in the form of strace are the published lines", () => {
  const rows = [...ROWS, ...CALLS.map((row, i) => ({ ...ROW, ...row, seq: 100 + i }))];
  assertGolden("rows/strace.txt", rows.map((row) => render(row) + "\n").join(""));
});

Deno.test("A line is the thread, the time of the enter, the call, its value and its time", () => {
  assert.equal(
    line({ path: "/data", timeNs: 1_234_567 }),
    "4322 1760000000.124691 pread64(12</data>, ...) = 8192 <0.000045>",
  );
  assert.equal(
    line({ syscall: "openat", fd: null, path: "/none", ret: -2, errno: "ENOENT", failed: true }),
    '4322 1760000000.124691 openat(..., "/none", ...) = -1 ENOENT (No such file or directory) <0.000045>',
  );
  assert.match(
    line({ syscall: "exit_group", fd: null, path: null, ret: null, latencyNs: null }),
    /\(\.\.\.\) +=  ?\?$/,
  );
});

Deno.test("Arguments that a row knows stand in their places", () => {
  const cases: [text: string, row: Partial<StreamRow>][] = [
    ["read(3</f>, ...)", { syscall: "read", fd: 3, path: "/f" }],
    ["read(3, ...)", { syscall: "read", fd: 3, path: null }],
    ["read(3</f>(deleted), ...)", { syscall: "read", fd: 3, path: "/f (deleted)" }],
    ["read(3<TCP:[1.2.3.4:1->1.2.3.5:2]>, ...)", {
      syscall: "read",
      fd: 3,
      path: "TCP:[1.2.3.4:1->1.2.3.5:2]",
    }],
    ['openat(..., "/f", ...)', { syscall: "openat", fd: 3, path: "/f", ret: 3 }],
    ["newfstatat(3</f>, ...)", { syscall: "newfstatat", fd: 3, path: "/f" }],
    ["execveat(3</f>, ...)", { syscall: "execveat", fd: 3, path: "/f" }],
    ['renameat2(..., "/a", ..., "/b", ...)', { syscall: "renameat2", fd: null, oldPath: "/a", path: "/b" }],
    ['linkat(..., "/a", ..., "/b", ...)', { syscall: "linkat", fd: 3, oldPath: "/a", path: "/b" }],
    ['symlink("a", "/b", ...)', { syscall: "symlink", fd: null, oldPath: "a", path: "/b" }],
    ['copy_file_range(3</a>, ..., "/b", ...)', {
      syscall: "copy_file_range",
      fd: 3,
      oldPath: "/a",
      path: "/b",
    }],
    ['sendfile(4</b>, "/a", ...)', { syscall: "sendfile", fd: 4, oldPath: "/a", path: "/b" }],
    ['inotify_add_watch(6, "/d", ...)', { syscall: "inotify_add_watch", fd: 6, path: "/d" }],
    ["mmap(..., ..., ..., ..., -1, ...)", { syscall: "mmap", fd: null, path: null }],
    ["mmap(..., ..., ..., ..., 3</l>, ...)", { syscall: "mmap", fd: 3, path: "/l" }],
    ['move_mount(..., ..., ..., "/m", ...)', { syscall: "move_mount", fd: 5, path: "/m" }],
    ['getcwd("/d", ...)', { syscall: "getcwd", fd: null, path: "/d" }],
    ["socket(...)", { syscall: "socket", fd: 8, path: "TCP:[12]", ret: 8 }],
    ["unlink(...)", { syscall: "unlink", fd: null, path: null, pathError: "fault" }],
    ['unlink("/l"..., ...)', { syscall: "unlink", fd: null, path: "/l", pathError: "truncated" }],
    ["syscall_0x7cf(...)", { syscall: "1999", fd: null, path: null }],
  ];
  for (const [text, row] of cases) assert.equal(callText({ oldPath: null, ...row }), text);
});

Deno.test("A reader of strace's own logs reads the lines: call, arguments, value, error and time", () => {
  for (const own of CALLS) {
    const row = { ...ROW, ...own };
    const [call, ...more] = parsed(line(row) + "\n");
    assert.deepEqual(more, []);
    assert.equal(call.tid, row.tid);
    assert.equal(call.syscall, row.syscall === "1999" ? "syscall_0x7cf" : row.syscall);
    assert.equal(call.errno, row.errno);
    assert.equal(call.ret, row.ret === null ? null : row.failed ? -1n : BigInt(row.ret));
    assert.equal(call.durationNs, row.latencyNs === null ? null : Math.floor(row.latencyNs / 1000) * 1000);
    assert.equal(call.args.at(-1), "...");
  }
});

/**
 * What well-known readers look for, in their own words: lnav's `strace_log`, the converter strace-perfetto, the parsers of
 * strace-parse and shh, and Perfetto's importer, which splits at the first `) = ` and takes six digits after the point of a time.
 */
const READERS: Record<string, { pattern: RegExp; takes(row: StreamRow): boolean }> = {
  "strace-perfetto, successful": {
    pattern: /^(\d+) +(\d+\.\d+) +(\w+)+((?:\(\)|\(.+\))) += (\d+) +<(.+)>/,
    takes: (row) => row.ret !== null && !row.failed && row.latencyNs !== null,
  },
  "strace-perfetto, failed": {
    pattern: /^(\d+) +(\d+\.\d+) +(\w+)+((?:\(\)|\(.+\))) += (-.+) +<(.+)>/,
    takes: (row) => row.failed,
  },
  "lnav, behind the thread": {
    pattern:
      /^\d+ (\d+\.\d{6}) (\w+)\((.*)\)\s+=\s+(?:([-\w]+(?: \((.+)\))?)|\?)(?: (\w+) \([^)]+\))?(?: <(\d+\.\d+)>)?$/,
    takes: () => true,
  },
  "shh, without the time in the call": {
    pattern: /^[0-9]+ +[0-9]+\.[0-9]+ +[a-z0-9_]+\((.+)?\) += [-0-9]+( E[A-Z]+ \(.*\))?( <[0-9.]+>)$/,
    takes: (row) => row.ret !== null && !/\d/.test(row.errno ?? ""),
  },
};

for (const [name, { pattern, takes }] of Object.entries(READERS)) {
  Deno.test(`Lines are those that readers of strace look for: ${name}`, () => {
    let taken = 0;
    for (const own of CALLS) {
      const row = { ...ROW, ...own };
      if (!takes(row)) continue;
      assert.match(line(row), pattern);
      taken++;
    }
    assert.ok(taken >= 5);
  });
}

Deno.test("Marks that readers look for are in no name: the first of each in a line is the call's own", () => {
  const names = [
    "/x) = 7",
    "/x)  = 7",
    "/<unfinished ...>",
    "/x <0.000001>",
    "/a->b",
    '/", 3) = 0',
    "/x)",
    "/=",
    "->",
  ];
  for (const name of names) {
    for (const own of [{ syscall: "unlink", fd: null }, { syscall: "read", fd: 3 }]) {
      const text = line({ ...own, path: name, ret: 5 });
      const [, , value] = /^(.*?)\) += (.*)$/.exec(text)!;
      assert.equal(value, "5 <0.000045>", text);
      assert.doesNotMatch(text, /<unfinished/);
      assert.equal(parsed(text + "\n")[0].ret, 5n);
    }
  }
});

/** The bytes of a C string without its quotes, as a compiler reads them. */
function readEscapes(text: string): number[] {
  const named: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };
  return [...text.matchAll(/\\([0-7]{1,3})|\\(.)|([^])/g)].map(([, octal, escape, plain]) =>
    octal !== undefined ? parseInt(octal, 8) : escape !== undefined ? named[escape] : plain.charCodeAt(0)
  );
}

Deno.test("A name in quotes is a C string with the exact bytes, in printable ASCII", () => {
  const next = random(testSeed());
  for (let round = 0; round < 2_000; round++) {
    const narrow = next() < 0.5;
    const bytes = Uint8Array.from(
      { length: 1 + Math.floor(10 * next()) },
      () => narrow ? ') =<>7\\"\n\x01\xff'.charCodeAt(Math.floor(11 * next())) : 1 + Math.floor(255 * next()),
    );
    const text = straceString("not read", bytes);
    assert.match(text, /^"[ -~]*"$/);
    assert.deepEqual(readEscapes(text.slice(1, -1)), [...bytes]);
  }
  assert.equal(straceString('/a\t\n\x01\x012é"\\', null), String.raw`"/a\t\n\1\0012\303\251\"\\"`);
});

Deno.test("The file of a descriptor keeps its bytes in the brackets, and what became of it behind them", () => {
  assert.equal(straceNote("/a\ufffd (deleted)", new TextEncoder().encode("/aX (deleted)")), "</aX>(deleted)");
  assert.equal(straceNote("/a>b->c<", null), String.raw`</a\76b-\76c\74>`);
  assert.equal(straceNote("UNIX:[1->2]", null), "<UNIX:[1->2]>");
  assert.equal(straceNote("socket:[5>6]", null), String.raw`<socket:[5\0766]>`);
});

Deno.test("Calls of one thread that follow each other do not overlap in the lines", () => {
  const next = random(testSeed());
  let timeNs = 0;
  let lastEnd = 0n;
  const us = (text: string) => BigInt(text.replace(".", ""));
  for (let i = 0; i < 2_000; i++) {
    const latencyNs = Math.floor(5_000 * next());
    const [, begin, time] = /^\d+ (\S+) .*<(\S+)>$/.exec(line({ timeNs, latencyNs }))!;
    assert.ok(us(begin) >= lastEnd, `${i}`);
    lastEnd = us(begin) + us(time);
    timeNs += latencyNs + Math.floor(300 * next());
  }
});

Deno.test("Times are right at the edges of seconds and before the trace began", () => {
  const time = (timeNs: number) => line({ timeNs }).split(" ")[1];
  assert.equal(time(0), "1760000000.123456");
  assert.equal(time(876_543_210), "1760000000.999999");
  assert.equal(time(876_543_211), "1760000001.000000");
  assert.equal(time(-123_456_790), "1759999999.999999");
  assert.equal(line({ latencyNs: 3_725_000_000_999 }).split(" ").at(-1), "<3725.000000>");
});

Deno.test("Every call of the table has a line that a reader takes", () => {
  for (const { name } of SYSCALLS) {
    const [call] = parsed(line({ syscall: name, fd: 3, path: "/a, (b", oldPath: "/c", ret: 0 }) + "\n");
    assert.equal(call.syscall, name.replace(":", "_"));
    assert.equal(call.ret, 0n);
  }
});

Deno.test("Every error has the words of the C library", () => {
  for (let errno = 1; errno <= 133; errno++) {
    const unknown = errno === 41 || errno === 58;
    assert.equal(/^Unknown error/.test(errnoMessage(errnoName(errno))), unknown, String(errno));
  }
  assert.equal(errnoMessage("EPERM"), "Operation not permitted");
  assert.equal(errnoMessage("EAGAIN"), "Resource temporarily unavailable");
  assert.equal(errnoMessage("ENOTSUPP"), "Unknown error 524");
  assert.equal(errnoMessage("EHWPOISON"), "Memory page has hardware error");
});

Deno.test("A warning has no line in the form of strace", () => {
  assert.equal(render({ seq: 1, timeNs: 0, warning: "The ring is full" }), null);
});
