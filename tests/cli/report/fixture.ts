/** A report that looks like a real one: a build of a small program, counted by the real engine from made-up calls. */
import { buildReport } from "../../../cli/report/report.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { FileName } from "../../../runtime/event_batch.ts";
import { EventFlag } from "../../../runtime/event_batch.ts";
import type { Report, ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import type { StatsSnapshot } from "../../../runtime/stats.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { batchOf, type Call, random, taskName } from "../../engine/batches.ts";

/** What the session would say of the run. */
export const HEADER: ReportHeader = {
  ior: "0.1.0",
  host: "build-7",
  kernel: "6.12.43+deb13-amd64",
  arch: "x86_64",
  libbpf: "1.5.0",
  deno: "2.9.6",
  command: ["make", "-j8", "all", "CFLAGS=-O2 -g"],
  command_status: { exit: 0 },
  started: "2026-02-03T10:11:12.000000500Z",
  wall_ns: 12_345_678_901,
  command_wall_ns: 12_301_222_333,
  selection: { families: ["FS"] },
  loss: { state: "none", calls: 0, by: { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 } },
  cost: { cpu_ns: 812_000_000, bpf_ns_per_call: null, bpf_ns_per_run: 115, max_rss_bytes: 88_412_160 },
};

const PATHS = [
  "/usr/lib/gcc/x86_64-linux-gnu/14/include/stddef.h",
  "/usr/include/x86_64-linux-gnu/bits/types/struct_timespec.h",
  "/home/ada/src/frobnicator/third_party/compression/include/internal/very_long_header_name_for_huffman_tables.h",
  "/home/ada/src/frobnicator/build/main.o",
  "/etc/ld.so.cache",
  "/tmp/ccQ1x\u202ecod.s",
  "/home/ada/src/frobnicator/daten/Übersicht 表.txt",
  "/tmp/new\nline",
  "pipe:[81723]",
  "socket:[1]",
  "/usr/lib/x86_64-linux-gnu/libc.so.6",
  "/home/ada/src/frobnicator/Makefile",
];

const FILES: FileName[] = PATHS.map((path, i) => ({ slot: i + 1, path }));

const TASKS = [
  taskName(1, 4100, { comm: "make" }),
  taskName(2, 4123, { comm: "cc1", processStartNs: 1_200_000_000 }),
  taskName(3, 4190, { comm: "as", processStartNs: 2_500_000_000 }),
  taskName(4, 4222, { comm: "ld\x1b[31m", processStartNs: 9_100_000_000 }),
];

/** How often each call occurs, its usual latency and share of failures, and whether it moves bytes. */
const MIX: { name: string; weight: number; ns: number; fails: number; errno: number; bytes: number }[] = [
  { name: "read", weight: 40, ns: 900, fails: 0.004, errno: 11, bytes: 8_000 },
  { name: "write", weight: 25, ns: 2_500, fails: 0, errno: 28, bytes: 20_000 },
  { name: "openat", weight: 12, ns: 3_200, fails: 0.45, errno: 2, bytes: 0 },
  { name: "close", weight: 7, ns: 260, fails: 0, errno: 9, bytes: 0 },
  { name: "newfstatat", weight: 9, ns: 700, fails: 0.3, errno: 2, bytes: 0 },
  { name: "fstat", weight: 4, ns: 250, fails: 0, errno: 9, bytes: 0 },
  { name: "fsync", weight: 0.4, ns: 4_000_000, fails: 0, errno: 5, bytes: 0 },
  { name: "getdents64", weight: 1, ns: 21_000, fails: 0, errno: 20, bytes: 600 },
  { name: "renameat2", weight: 0.5, ns: 9_000, fails: 0.1, errno: 17, bytes: 0 },
  { name: "copy_file_range", weight: 0.6, ns: 300_000, fails: 0.05, errno: 18, bytes: 1_000_000 },
  { name: "ioctl", weight: 0.5, ns: 400, fails: 0.9, errno: 25, bytes: 0 },
  { name: "unlink", weight: 0.2, ns: 12_000, fails: 0, errno: 2, bytes: 0 },
];

/** Calls in the example. */
const CALLS = 40_000;

/** Statistics of the example. */
export function exampleSnapshot(): StatsSnapshot {
  const engine = new StatsEngine({
    arch: "x86_64",
    maxFiles: 1_000,
    maxProcesses: 1_000,
    maxSlowest: 3,
    by: [["process", "syscall"], ["errno"]],
  });
  const next = random(7);
  const calls = Array.from({ length: CALLS }, (_, i) => randomCall(next, i));
  calls.push({ nr: numberOf("execve"), durationNs: NaN, flags: EventFlag.NO_RETURN, task: 4, file: 11 });
  engine.ingest(batchOf(calls, { tasks: TASKS, files: FILES }));
  return engine.snapshot();
}

/** What had not returned when the example ended. */
export const RUNNING: RunningCall[] = [
  { pid: 4222, tid: 4223, comm: "ld\x1b[31m", syscall: "read", path: "pipe:[81723]", ageNs: 9_200_000_000 },
  { pid: 4100, tid: 4100, comm: "make", syscall: "openat", path: null, ageNs: 12_000_000 },
];

/** The whole example as a document. */
export function exampleReport(header: Partial<ReportHeader> = {}): Report {
  return buildReport({ ...HEADER, ...header }, exampleSnapshot(), { top: null, sort: "time" }, {
    running: RUNNING,
  });
}

/** A report without calls. */
export function emptyReport(header: Partial<ReportHeader> = {}): Report {
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 10, maxProcesses: 10, maxSlowest: 3 });
  return buildReport({ ...HEADER, ...header }, engine.snapshot(), { top: null, sort: "time" });
}

function randomCall(next: () => number, i: number): Call {
  const kind = pick(next);
  const failed = next() < kind.fails;
  const spread = Math.exp(1.5 * (next() + next() + next() - 1.5) + (next() < 0.01 ? 4 : 0));
  const bytes = kind.bytes === 0 ? NaN : failed ? 0 : Math.floor(kind.bytes * next());
  const durationNs = Math.round(kind.ns * spread);
  return {
    nr: numberOf(kind.name),
    // Calls come in the order of their exits.
    enterNs: (i + 1) * 300_000 - durationNs,
    durationNs,
    gapNs: i === 0 ? NaN : 5_000,
    ret: failed ? BigInt(-kind.errno) : Number.isNaN(bytes) ? 0n : BigInt(bytes),
    bytes,
    fd: 3 + (i % 5),
    task: 1 + Math.floor(4 * next() ** 2),
    file: Math.floor((PATHS.length + 1) * next() ** 1.3),
    oldFile: kind.name === "copy_file_range" ? 1 + Math.floor(PATHS.length * next()) : 0,
  };
}

function pick(next: () => number): typeof MIX[number] {
  let rest = next() * MIX.reduce((sum, { weight }) => sum + weight, 0);
  return MIX.find(({ weight }) => (rest -= weight) < 0) ?? MIX[0];
}

function numberOf(name: string): number {
  return syscallByName(name)!.x86_64!;
}
