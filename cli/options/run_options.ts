/** The options of every command that traces, as rows. */
import { formatExactSize, parseDuration } from "../../runtime/units.ts";
import type { Sampling } from "../../runtime/sampling.ts";
import { DEFAULTS } from "./defaults.ts";
import { option, toggle } from "./option.ts";
import { readSampling, withoutRows } from "./sampling.ts";
import { badValue, readRingBytes, readText } from "./values.ts";

/** Options of the trace itself. */
export const LIVE_OPTIONS = [
  option({
    key: "durationNs",
    long: "--duration",
    short: "-d",
    value: "DUR",
    example: "10s",
    group: "Limits",
    summary: "stop after DUR: ns, us, ms, s, m, h, or seconds",
    initial: null as number | null,
    read: readRunTime,
  }),
  toggle({
    key: "waitsForCommand",
    long: "--no-wait",
    group: "Limits",
    summary: "do not wait for a command that still runs when tracing stops",
    sets: false,
  }),
  toggle({
    key: "waitsForChildren",
    long: "--all-children",
    group: "Limits",
    summary: "keep tracing until the last child that the command leaves has ended, such as a daemon",
  }),
  toggle({
    key: "explains",
    long: "--explain",
    group: "General",
    summary: "print where the selection is decided and what that costs, then exit",
  }),
  toggle({
    key: "showsGroups",
    long: "--with-cgroup",
    group: "Output",
    summary: "follow control groups: rows and recordings have the field cgroup",
  }),
  toggle({
    key: "waits",
    long: "--waits",
    group: "Output",
    summary:
      "report where the time of calls off the processor goes: I/O, other waiting, and waiting for a processor",
  }),
  toggle({
    key: "cache",
    long: "--cache",
    group: "Output",
    summary: "report what calls bring into the page cache",
  }),
  toggle({
    key: "stacks",
    long: "--stacks",
    group: "Output",
    summary: "report which code makes the calls: frames of flamegraphs, --by stack, the field stack of rows",
  }),
  toggle({
    key: "arguments",
    long: "--arguments",
    group: "Output",
    summary:
      "report where calls read and write, and how they open: the fields offset_bytes and flags of rows",
  }),
  option({
    key: "ringBytes",
    long: "--ring-size",
    value: "SIZE",
    example: "64M",
    group: "Limits",
    summary: `buffer between kernel and ior: a power of two with k, M or G; a larger one loses less ` +
      `(default ${formatExactSize(DEFAULTS.ringBytes)})`,
    initial: DEFAULTS.ringBytes as number,
    read: (text) => readRingBytes("--ring-size", text),
  }),
  option({
    key: "sampling",
    long: "--sample",
    value: "LIST",
    example: "read=100",
    group: "Limits",
    summary:
      "NAME=R,…: of R calls of a system call or family one is a row, of R=0 none; the others only count, exactly",
    initial: null as Sampling | null,
    read: (text, { arch }, before) => readSampling(text, arch, before),
  }),
  toggle({
    key: "autoSamples",
    long: "--auto-sample",
    group: "Limits",
    summary:
      "while the buffer is more than half full, fewer calls are rows and the others only count, exactly",
  }),
];

/** For commands that count calls and show no rows, or few: the kernel adds up what they need no rows of. */
export const ROWS_OPTIONS = [
  toggle({
    key: "wantsRows",
    long: "--rows",
    group: "Limits",
    summary: "send every call to ior as a row, also where the kernel could add it up",
  }),
  option({
    key: "sampling",
    long: "--no-rows",
    group: "Limits",
    summary: "add all calls up in the kernel, as --sample does with 0: cheapest, without the slowest calls",
    initial: null as Sampling | null,
    read: (_text, _machine, before) => withoutRows(before),
  }),
];

/** Reads calls from recordings instead of the kernel. */
export const FROM_OPTION = option({
  key: "from",
  long: "--from",
  value: "FILE",
  example: "run.parquet",
  offers: "recordings",
  group: "Source",
  summary:
    "read a recording, a directory of them or a pattern instead of tracing; may be repeated, and left out before names that end in .parquet, .ndjson or /",
  initial: [] as string[],
  read: (text, _machine, before) => [...before, readText("--from", text)],
});

function readRunTime(text: string): number {
  const ns = parseDuration(text, { subject: "--duration", bareSeconds: true, longUnits: true });
  if (ns > 0) return ns;
  throw badValue("--duration", text, "it must be greater than 0", "Leave it out to run until Ctrl-C");
}
