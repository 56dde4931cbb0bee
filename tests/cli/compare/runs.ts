/** Reports of two runs of one program, counted by the real engine from made-up calls. */
import { buildReport } from "../../../cli/report/report.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { Report, ReportHeader } from "../../../runtime/report.ts";
import type { GroupKey } from "../../../runtime/stats.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { batchOf, type Call, random, taskName } from "../../engine/batches.ts";
import { HEADER } from "../report/fixture.ts";

/** One call of the program: how often it comes, how long it takes, its files. */
export interface Kind {
  syscall: string;
  calls: number;
  /** Median of its latency, nanoseconds. */
  ns: number;
  /** Part of the calls that fail. */
  fails?: number;
  /** Most bytes of a call. */
  bytes?: number;
  /** Indexes of its files in `paths`; none for calls without one. */
  files?: number[];
}

/** A run: what it calls, and by whom. */
export interface RunSpec {
  seed: number;
  kinds: Kind[];
  paths?: string[];
  /** Names of the processes, in turns. */
  comms?: string[];
  by?: GroupKey[][];
  header?: Partial<ReportHeader>;
}

/** The report of a run; not cut. */
export function reportOfRun(
  { seed, kinds, paths = [], comms = ["job"], by = [], header = {} }: RunSpec,
): Report {
  const next = random(seed);
  const tasks = comms.map((comm, i) => taskName(i + 1, 100 * seed + i, { comm }));
  const files = paths.map((path, i) => ({ slot: i + 1, path }));
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 1_000, maxProcesses: 1_000, maxSlowest: 3, by });
  const calls = kinds.flatMap((kind) =>
    Array.from({ length: kind.calls }, () => callOf(kind, next, comms.length))
  );
  engine.ingest(batchOf(calls, { tasks, files }));
  return buildReport({ ...HEADER, ...header }, engine.snapshot(), { top: null, sort: "time" });
}

/** Latencies are log-normal, near enough: the sum of uniform numbers as an exponent. */
function callOf(
  { syscall, ns, fails = 0, bytes = 0, files = [] }: Kind,
  next: () => number,
  tasks: number,
): Call {
  const failed = next() < fails;
  const moved = bytes === 0 ? NaN : failed ? 0 : Math.floor(bytes * next());
  return {
    nr: syscallByName(syscall)!.x86_64!,
    durationNs: Math.round(ns * Math.exp(next() + next() + next() - 1.5)),
    ret: failed ? -2n : BigInt(Number.isNaN(moved) ? 0 : moved),
    bytes: moved,
    task: 1 + Math.floor(tasks * next()),
    file: files.length === 0 ? 0 : 1 + files[Math.floor(files.length * next())],
  };
}

const PATHS = [
  "/var/lib/db/main.db",
  "/var/lib/db/main.db-wal",
  "/var/log/db/queries.log",
  "/etc/db.conf",
  "/tmp/db/sort\x1b[31m.tmp",
];

const KINDS: Kind[] = [
  { syscall: "pread64", calls: 9_000, ns: 4_000, bytes: 8_192, files: [0] },
  { syscall: "pwrite64", calls: 3_000, ns: 9_000, bytes: 8_192, files: [0, 1] },
  { syscall: "write", calls: 1_200, ns: 3_000, bytes: 300, files: [2] },
  { syscall: "openat", calls: 400, ns: 5_000, fails: 0.2, files: [3, 2] },
  { syscall: "fsync", calls: 60, ns: 2_000_000, files: [1] },
  { syscall: "fstat", calls: 5, ns: 300, files: [3] },
];

/** A run, as it was. */
export function beforeRun(header: Partial<ReportHeader> = {}): Report {
  return reportOfRun({
    seed: 1,
    kinds: KINDS,
    paths: PATHS.slice(0, 4),
    comms: ["db", "db", "writer"],
    header,
  });
}

/** The same, with slower reads, more opens that fail, no log, and a new file. */
export function afterRun(header: Partial<ReportHeader> = {}): Report {
  const kinds = KINDS.filter(({ syscall }) => syscall !== "write").map((kind) => {
    if (kind.syscall === "pread64") return { ...kind, ns: 2.5 * kind.ns };
    return kind.syscall === "openat" ? { ...kind, calls: 700, fails: 0.5, files: [3] } : kind;
  });
  const more = { syscall: "ftruncate", calls: 50, ns: 20_000, files: [4] };
  return reportOfRun({
    seed: 2,
    kinds: [...kinds, more],
    paths: PATHS,
    comms: ["db", "writer", "sorter"],
    header: {
      started: "2026-02-04T10:11:12.000000500Z",
      wall_ns: 15_345_678_901,
      command_wall_ns: 15_301_222_333,
      ...header,
    },
  });
}
