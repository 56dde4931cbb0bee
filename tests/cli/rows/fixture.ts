/** Rows as tests of their formats use them. */
import type { StreamRow } from "../../../runtime/row.ts";

/** 2025-10-09T08:53:20.123456789Z. */
export const STARTED = 1_760_000_000_123_456_789n;

/** A plain row. */
export const ROW: StreamRow = {
  seq: 1,
  timeNs: 1_234_567,
  pid: 4321,
  tid: 4322,
  comm: "postgres",
  uid: 110,
  syscall: "pread64",
  family: "FS",
  fd: 12,
  path: "/var/lib/postgresql/15/main/base/5/16384",
  oldPath: null,
  pathRaw: null,
  oldPathRaw: null,
  pathError: null,
  ret: 8192,
  errno: null,
  failed: false,
  bytes: 8192,
  latencyNs: 45_678,
  gapNs: null,
  restarts: 0,
  epoch: 1,
};

/** Rows of every shape. */
export const ROWS: StreamRow[] = [
  ROW,
  {
    ...ROW,
    seq: 2,
    syscall: "openat",
    ret: -2,
    errno: "ENOENT",
    failed: true,
    fd: null,
    bytes: null,
    gapNs: 0,
  },
  {
    ...ROW,
    seq: 3,
    syscall: "renameat2",
    fd: null,
    oldPath: "/home/alice/documents/letters/2024/draft of the letter.txt",
    path: "/home/alice/documents/letters/2025/letter.txt",
    ret: 0,
    bytes: null,
  },
  {
    ...ROW,
    seq: 4,
    syscall: "exit_group",
    family: "Process",
    fd: null,
    path: null,
    ret: null,
    bytes: null,
    latencyNs: null,
  },
  {
    ...ROW,
    seq: 5,
    comm: 'a"b\\c\x1b[2J',
    path: "/tmp/\ufffd\u202e\n名前",
    pathRaw: new Uint8Array([47, 116, 255]),
    oldPath: "/\ufffd",
    oldPathRaw: new Uint8Array([47, 254]),
  },
  {
    ...ROW,
    seq: 6,
    syscall: "mmap",
    family: "Memory",
    path: null,
    fd: null,
    ret: 140_234_567_890_123n,
    pathError: "fault",
  },
  {
    ...ROW,
    seq: 7,
    syscall: "lseek",
    ret: 9_223_372_036_854_775_807n,
    timeNs: 8_876_543_212,
    restarts: 255,
    epoch: 3,
  },
  {
    ...ROW,
    seq: 8,
    syscall: "inotify_add_watch",
    pathError: "truncated",
    latencyNs: 5_000_000_000,
    gapNs: 17,
  },
];
