/** Tracers that are measured: how each is run over the whole machine, and what it says of what it saw. */
import { ior } from "./loops.ts";
import type { Printed } from "./run.ts";

/** What a tracer says of what it saw. */
export interface Seen {
  calls: number;
  /** Calls that it says it lost; `null` when it does not say. */
  lost: number | null;
}

/** One way of tracing. */
export interface Tracer {
  name: string;
  /** The Debian package that has it; `null` for this checkout. */
  debian: string | null;
  /** All words, to which those of the loops are added for a tracer that starts them. */
  command: readonly string[];
  /** It traces what it starts; the others trace the whole machine until they are interrupted. */
  starts?: true;
  seen(printed: Printed): Seen;
}

/** ior with every call as a row, with sums where a call may be part of one, and as it decides by itself. */
export const IOR: readonly Tracer[] = [
  ["ior trace --no-rows", ["--no-rows"]],
  ["ior trace", []],
  ["ior trace --rows", ["--rows"]],
].map(([name, flags]): Tracer => ({
  name: name as string,
  debian: null,
  command: ior("trace", "--quiet", "--json", "--top", "5", ...flags),
  seen: seenByIor,
}));

const COUNT = "tracepoint:raw_syscalls:sys_enter { @[args->id] = count(); }";
const HISTOGRAM = "tracepoint:raw_syscalls:sys_enter { @start[tid] = nsecs; } " +
  "tracepoint:raw_syscalls:sys_exit /@start[tid]/ " +
  "{ @ns[args->id] = hist(nsecs - @start[tid]); delete(@start[tid]); }";

/** Tracers of others. */
export const PEERS: readonly Tracer[] = [
  { name: "syscount", debian: "libbpf-tools", command: ["syscount", "-T", "500"], seen: seenBySyscount },
  {
    name: "syscount -L",
    debian: "libbpf-tools",
    command: ["syscount", "-L", "-T", "500"],
    seen: seenBySyscount,
  },
  { name: "bpftrace, count", debian: "bpftrace", command: ["bpftrace", "-e", COUNT], seen: seenByBpftrace },
  {
    name: "bpftrace, histogram",
    debian: "bpftrace",
    command: ["bpftrace", "-e", HISTOGRAM],
    seen: seenByBpftrace,
  },
  {
    name: "perf trace -s",
    debian: "linux-perf",
    command: ["perf", "trace", "-s", "-a"],
    seen: seenByPerf,
  },
  {
    name: "strace -c",
    debian: "strace",
    command: ["strace", "-c", "-f"],
    starts: true,
    seen: seenByStrace,
  },
];

/** Reads a report of ior. */
export function seenByIor({ stdout }: Printed): Seen {
  const { calls, loss } = JSON.parse(stdout);
  return { calls, lost: loss.calls };
}

/** Reads lines as `read 113131` and, with `-L`, `read 119795 3187396.888`. */
export function seenBySyscount({ stdout }: Printed): Seen {
  return { calls: sumOf(stdout, /^\w+ +(\d+)(?: +[\d.]+)?$/gm), lost: null };
}

/** Reads lines as `@[1]: 19815` of counts and `[2K, 4K) 12 |@@@|` of histograms. */
export function seenByBpftrace({ stdout }: Printed): Seen {
  return { calls: sumOf(stdout, /^(?:@\[\d+\]:|[[(].*[\])]) +(\d+)(?: \||$)/gm), lost: null };
}

/** Reads lines as `munmap 1 0 0.034 …` of each thread, and `LOST 12 events!`. */
export function seenByPerf({ stderr }: Printed): Seen {
  return {
    calls: sumOf(stderr, /^ +\w+ +(\d+) +\d+ +[\d.]+ /gm),
    lost: sumOf(stderr, /\bLOST (\d+) events/g),
  };
}

/** Reads lines as `25.69 0.023086 6 3702 12 write`; nothing is lost, since each call waits for the tracer. */
export function seenByStrace({ stderr }: Printed): Seen {
  return { calls: sumOf(stderr, /^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(?!total$)\w+$/gm), lost: 0 };
}

function sumOf(text: string, figure: RegExp): number {
  return Array.from(text.matchAll(figure), ([, digits]) => Number(digits)).reduce((sum, n) => sum + n, 0);
}
