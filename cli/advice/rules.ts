/** The rules of advice: each looks at a report and finds one thing that stands out, or nothing. */
import type { Report } from "../../runtime/report.ts";
import { syscallByName } from "../../runtime/syscalls/mod.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../text/format.ts";
import { CALLS, likeliestFile, sumCalls } from "./calls.ts";

/** What a rule found. */
export interface Finding {
  /** Stable name of the rule. */
  id: string;
  /** Time that it concerns, nanoseconds: what could be saved at most. */
  concernsNs: number;
  /** The numbers of the sentence, by name; times in nanoseconds, sizes in bytes. */
  numbers: Record<string, number | string | null>;
  /** One sentence without its full stop; `ascii` as in the text formats. */
  sentence(ascii: boolean): string;
  /** The file to look at first, `null` when there is none. */
  path: string | null;
}

/** A rule. */
export type Rule = (report: Report) => Finding | null;

/** Fewer calls than this are no habit of a program. */
const MANY_CALLS = 1000;

/** Fewer syncs than this are no habit; each takes as long as many calls. */
const MANY_SYNCS = 20;

/** What takes less than this part of all time, and less than this time, is not worth a line. */
const WORTH_SHARE = 0.01;
const WORTH_NS = 100_000_000;

/** Mean size below which reads and writes are tiny: a sixteenth of a page, the call costs more than the copy. */
const TINY_BYTES = 256;

/** Writes for each sync up to which it is a sync after each: one of data and one of, say, a header. */
const WRITES_PER_SYNC = 2;

/** Part of the look-ups that end in ENOENT from which on it is a search and not a test for a file. */
const MISSED_SHARE = 0.3;

/** Opens for each file from which on it is opened again and again. */
const OPENS_PER_FILE = 10;

/** Part of all calls from which on asking about files is a storm. */
const STATS_SHARE = 0.4;

/** Seeks for each read from which on reads jump about. */
const SEEKS_PER_READ = 0.5;

/** Part of all time that one call takes when it is what the run waited for, and the calls there must be besides. */
const SLOW_SHARE = 0.5;
const SLOW_AMONG_CALLS = 10;

/** All rules; their order decides between equals. */
export const RULES: readonly Rule[] = [
  loss,
  slowCall,
  syncEachWrite,
  tinyWrites,
  tinyReads,
  randomReads,
  missingFiles,
  reopenedFiles,
  statStorm,
];

function loss({ loss, calls }: Report): Finding | null {
  if (loss.state === "none") return null;
  const lost = loss.state === "some" ? loss.calls : null;
  return {
    id: "loss",
    // Every other number may be wrong because of it.
    concernsNs: Infinity,
    numbers: { calls_lost: lost, calls },
    sentence: () =>
      lost === null
        ? "Calls may be missing, and how many cannot be told: use no number as exact"
        : `${formatCount(lost)} calls (${
          formatShare(lost, calls + lost)
        }) are missing: try a larger --ring-size`,
    path: null,
  };
}

function slowCall(report: Report): Finding | null {
  const row = report.slowest[0];
  const ns = Number(row?.latency_ns ?? 0);
  const waits = syscallByName(String(row?.syscall))?.kinds.includes("wait") ?? false;
  if (row === undefined || waits || report.calls < SLOW_AMONG_CALLS) return null;
  if (ns < WORTH_NS || ns < SLOW_SHARE * Number(report.total_ns)) return null;
  const { syscall, comm, pid } = row;
  return {
    id: "slow_call",
    concernsNs: ns,
    numbers: {
      syscall: String(syscall),
      comm: String(comm),
      pid: Number(pid),
      latency_ns: ns,
      ...ofAll(report, ns),
    },
    sentence: (ascii) =>
      `One ${syscall} of ${comm} (${pid}) took ${formatDuration(ns, { ascii })}, ` +
      `${formatShare(ns, report.total_ns)} of the time in all calls`,
    path: typeof row.path === "string" ? row.path : null,
  };
}

function syncEachWrite(report: Report): Finding | null {
  const syncs = sumCalls(report, "syncs");
  const writes = sumCalls(report, "writes");
  if (syncs.calls < MANY_SYNCS || writes.calls === 0) return null;
  if (writes.calls > WRITES_PER_SYNC * syncs.calls || !isWorth(report, syncs.totalNs)) return null;
  const slowest = report.slowest.find(({ syscall }) => isIn("syncs", syscall));
  return {
    id: "sync_each_write",
    concernsNs: syncs.totalNs,
    numbers: {
      syncs: syncs.calls,
      writes: writes.calls,
      total_ns: syncs.totalNs,
      ...ofAll(report, syncs.totalNs),
    },
    sentence: (ascii) =>
      `${formatCount(syncs.calls)} syncs for ${formatCount(writes.calls)} writes, ` +
      `${timeAndShare(report, syncs.totalNs, ascii)}: sync less often`,
    path: typeof slowest?.path === "string" ? slowest.path : null,
  };
}

function tinyWrites(report: Report): Finding | null {
  const { calls, errors, writeBytes, totalNs } = sumCalls(report, "writes");
  const mean = writeBytes / (calls - errors);
  if (calls < MANY_CALLS || !(mean < TINY_BYTES) || !isWorth(report, totalNs)) return null;
  return {
    id: "tiny_writes",
    concernsNs: totalNs,
    numbers: { writes: calls, mean_bytes: Math.round(mean), total_ns: totalNs, ...ofAll(report, totalNs) },
    sentence: (ascii) =>
      `${formatCount(calls)} writes of about ${formatBytes(mean)}, ` +
      `${timeAndShare(report, totalNs, ascii)}: buffer them`,
    path: likeliestFile(report, (row) => isTiny(row.write_bytes, row.calls) ? row.calls : 0),
  };
}

function tinyReads(report: Report): Finding | null {
  const { calls, errors, readBytes, totalNs } = sumCalls(report, "reads");
  const mean = readBytes / (calls - errors);
  if (calls < MANY_CALLS || !(mean < TINY_BYTES) || !isWorth(report, totalNs)) return null;
  return {
    id: "tiny_reads",
    concernsNs: totalNs,
    numbers: { reads: calls, mean_bytes: Math.round(mean), total_ns: totalNs, ...ofAll(report, totalNs) },
    sentence: (ascii) =>
      `${formatCount(calls)} reads of about ${formatBytes(mean)}, ` +
      `${timeAndShare(report, totalNs, ascii)}: read more at once`,
    path: likeliestFile(report, (row) => isTiny(row.read_bytes, row.calls) ? row.calls : 0),
  };
}

function randomReads(report: Report): Finding | null {
  const seeks = sumCalls(report, "seeks");
  const reads = sumCalls(report, "reads");
  const ns = seeks.totalNs + reads.totalNs;
  if (seeks.calls < MANY_CALLS || reads.calls === 0 || !isWorth(report, ns)) return null;
  if (seeks.calls < SEEKS_PER_READ * reads.calls) return null;
  return {
    id: "random_reads",
    concernsNs: ns,
    numbers: { seeks: seeks.calls, reads: reads.calls, total_ns: ns, ...ofAll(report, ns) },
    sentence: (ascii) =>
      `${formatCount(seeks.calls)} seeks for ${formatCount(reads.calls)} reads, ` +
      `${timeAndShare(report, ns, ascii)}: reads jump about`,
    path: likeliestFile(report, (row) => Number(row.read_bytes) > 0 ? row.calls : 0),
  };
}

function missingFiles(report: Report): Finding | null {
  const lookups = sumCalls(report, "lookups");
  const totals = new Map(report.syscalls.map((row) => [row.syscall, row]));
  let missed = 0;
  let ns = 0;
  for (const { errno, syscall, calls } of report.errors_by) {
    if (errno !== "ENOENT" || !isIn("lookups", syscall)) continue;
    missed += calls;
    const row = totals.get(syscall);
    // A look-up that fails takes about as long as one that does not.
    if (row !== undefined) ns += Number(row.total_ns) * calls / row.calls;
  }
  ns = Math.round(ns);
  if (missed < MANY_CALLS || missed < MISSED_SHARE * lookups.calls || !isWorth(report, ns)) return null;
  return {
    id: "missing_files",
    concernsNs: ns,
    numbers: { missed, lookups: lookups.calls, about_ns: ns, ...ofAll(report, ns) },
    sentence: (ascii) =>
      `${formatCount(missed)} of ${formatCount(lookups.calls)} look-ups end in ENOENT, about ` +
      timeAndShare(report, ns, ascii),
    path: likeliestFile(report, (row) => row.errors === row.calls ? row.errors : 0),
  };
}

function reopenedFiles(report: Report): Finding | null {
  const opens = sumCalls(report, "opens");
  const reads = sumCalls(report, "reads");
  const opened = opens.calls - opens.errors;
  // Every file of any call, so there are at least as many opens of each as this says.
  const files = report.files.length + (report.folded.files ?? 0) + (report.cut.files?.rows ?? 0);
  if (opened < MANY_CALLS || files === 0 || reads.readBytes === 0 || !isWorth(report, opens.totalNs)) {
    return null;
  }
  const each = Math.floor(opened / files);
  if (each < OPENS_PER_FILE) return null;
  return {
    id: "reopened_files",
    concernsNs: opens.totalNs,
    numbers: { opens: opened, files, total_ns: opens.totalNs, ...ofAll(report, opens.totalNs) },
    sentence: (ascii) =>
      `${formatCount(opened)} opens of at most ${formatCount(files)} files, ` +
      `${timeAndShare(report, opens.totalNs, ascii)}: keep them open`,
    path: likeliestFile(report, (row) => Number(row.read_bytes) > 0 ? row.calls : 0),
  };
}

function statStorm(report: Report): Finding | null {
  const { calls, totalNs } = sumCalls(report, "stats");
  if (calls < MANY_CALLS || calls < STATS_SHARE * report.calls || !isWorth(report, totalNs)) return null;
  return {
    id: "stat_storm",
    concernsNs: totalNs,
    numbers: { stats: calls, calls: report.calls, total_ns: totalNs, ...ofAll(report, totalNs) },
    sentence: (ascii) =>
      `${formatCount(calls)} of ${formatCount(report.calls)} calls only ask about files, ` +
      timeAndShare(report, totalNs, ascii),
    path: likeliestFile(
      report,
      (row) => Number(row.read_bytes) + Number(row.write_bytes) === 0 ? row.calls : 0,
    ),
  };
}

function isWorth(report: Report, ns: number): boolean {
  return ns >= WORTH_NS || ns >= WORTH_SHARE * Number(report.total_ns) && ns > 0;
}

function isIn(set: keyof typeof CALLS, syscall: unknown): boolean {
  return (CALLS[set] as readonly unknown[]).includes(syscall);
}

/** True for a file that moved some bytes, and few for the calls it had. */
function isTiny(bytes: number | bigint, calls: number): boolean {
  return Number(bytes) > 0 && Number(bytes) < TINY_BYTES * calls;
}

function ofAll(report: Report, ns: number): { share: number } {
  const total = Number(report.total_ns);
  return { share: total === 0 ? 0 : ns / total };
}

function timeAndShare(report: Report, ns: number, ascii: boolean): string {
  return `${formatDuration(ns, { ascii })} (${formatShare(ns, report.total_ns)})`;
}
