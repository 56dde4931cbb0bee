/** The rules of advice: each looks at a report's exact sums and finds one thing that stands out, or nothing. */
import { Trait } from "../../engine/stats/call_traits.ts";
import { isUnknownName } from "../../runtime/event_batch.ts";
import { wasRingFull } from "../../runtime/loss.ts";
import { cachedBytes, type Report, wallNs } from "../../runtime/report.ts";
import { type FileUse, OTHER_NAME } from "../../runtime/stats.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../text/format.ts";
import { countCalls, useOf } from "./calls.ts";

/** What a rule found. */
export interface Finding {
  /** Stable name of the rule. */
  id: string;
  /** Time that it concerns, nanoseconds: the most that could be saved. */
  concernsNs: number;
  /** The numbers of the sentence, by name; times in nanoseconds, sizes in bytes. */
  numbers: Record<string, number | string | null>;
  /** One sentence without its full stop; `ascii` as in the text formats. */
  sentence(ascii: boolean): string;
  /** The file or directory with most of it and its calls, `null` for none. */
  place: { path: string; calls: number | null } | null;
  /** What to do, `null` when that depends on the program. */
  hint: string | null;
}

/** A rule. */
export type Rule = (report: Report) => Finding | null;

/** Fewer calls than this are not a pattern. */
const MANY_CALLS = 100;

/** Fewer syncs than this are not a pattern; each takes as long as many calls. */
const MANY_SYNCS = 10;

/** A finding below this part of the wall time is not worth a line. */
const WORTH_SHARE = 0.01;

/** From this many tiny reads or writes per file on they are a pattern; fewer may just be small files. */
const TINY_PER_FILE = 16;

/** From this part of look-ups that end in ENOENT on it is a search, not a test for a file. */
const MISSED_SHARE = 0.3;

/** From this many repeated opens per file, on average, files are opened again and again. */
const REOPENS_PER_FILE = 9;

/** From this part of all calls on, metadata queries are worth a line. */
const QUERY_SHARE = 0.4;

/** Part of the calls on a file that are seeks from which on access is random: one for every second read. */
const SEEK_SHARE = 0.3;

/** From this part of the wall time on, a single call is what the run waited for. */
const SLOW_SHARE = 0.1;

/** A call shorter than this is not slow, whatever its share of a short run; nanoseconds. */
const SLOW_NS = 1_000_000;

/** From this part of the time of a file's calls on, I/O is what they waited for. */
const IOWAIT_SHARE = 0.5;

/** All rules; their order decides between equals. */
export const RULES: readonly Rule[] = [
  loss,
  slowCall,
  syncs,
  tinyWrites,
  tinyReads,
  randomAccess,
  missingFiles,
  reopenedFiles,
  queryStorm,
  waitedForFile,
  mappedFile,
];

function loss({ loss, calls }: Report): Finding | null {
  if (loss.state === "none") return null;
  const lost = loss.state === "some" ? loss.calls : null;
  return {
    id: "loss",
    // It may make every other number wrong.
    concernsNs: Infinity,
    numbers: { calls_lost: lost, calls },
    sentence: () =>
      lost === null
        ? "Calls may be missing, their number is unknown"
        : `${formatCount(lost)} calls (${formatShare(lost, calls + lost)}) are missing`,
    place: null,
    hint: wasRingFull(loss) ? "try a larger --ring-size" : "no number here is exact",
  };
}

function slowCall(report: Report): Finding | null {
  const row = report.slowest[0];
  const ns = Number(row?.latency_ns ?? 0);
  // Without time on files the slowest calls are calls that waited.
  if (row === undefined || report.files_ns == 0) return null;
  if (ns < SLOW_NS || ns < SLOW_SHARE * wallNs(report)) return null;
  const { syscall, comm, pid } = row;
  return {
    id: "slow_call",
    concernsNs: ns,
    numbers: {
      syscall: `${syscall}`,
      comm: `${comm}`,
      pid: Number(pid),
      latency_ns: ns,
      ...shareOf(report, ns),
    },
    sentence: (ascii) => `A single ${syscall} of ${comm} (${pid}) took ${timeAndShare(report, ns, ascii)}`,
    place: typeof row.path === "string" ? { path: row.path, calls: null } : null,
    hint: null,
  };
}

function syncs(report: Report): Finding | null {
  const writes = countCalls(report, Trait.WRITES);
  return ofUse(report, "sync", MANY_SYNCS, {
    id: "syncs",
    numbers: { writes },
    what: ({ calls }) => `${formatCount(calls)} syncs for ${formatCount(writes)} writes`,
    hint: "sync less often",
  });
}

function tinyWrites(report: Report): Finding | null {
  const { calls, files } = useOf(report, "tiny_write");
  if (calls < TINY_PER_FILE * files) return null;
  return ofUse(report, "tiny_write", MANY_CALLS, {
    id: "tiny_writes",
    what: ({ calls }) => `${formatCount(calls)} writes of less than 256 bytes`,
    hint: "buffer them",
  });
}

function tinyReads(report: Report): Finding | null {
  const { calls, files } = useOf(report, "tiny_read");
  if (calls < TINY_PER_FILE * files) return null;
  return ofUse(report, "tiny_read", MANY_CALLS, {
    id: "tiny_reads",
    what: ({ calls }) => `${formatCount(calls)} reads of less than 256 bytes`,
    hint: "read more at once",
  });
}

/** About one file, the one with most seeks: seeks in one and reads of another have nothing to do with each other. */
function randomAccess(report: Report): Finding | null {
  const { place } = useOf(report, "seek");
  const row = report.files.find(({ path }) => path === place?.path);
  if (place === null || place.directory || row === undefined || Number(row.read_bytes) === 0) return null;
  const ns = Number(row.total_ns);
  if (place.calls < MANY_CALLS || place.calls < SEEK_SHARE * row.calls || !isWorth(report, ns)) return null;
  return {
    id: "random_access",
    concernsNs: ns,
    numbers: { seeks: place.calls, calls: row.calls, total_ns: ns, ...shareOf(report, ns) },
    sentence: (ascii) =>
      `${formatCount(place.calls)} of ${formatCount(row.calls)} calls on one file are seeks, ` +
      `random access takes ${timeAndShare(report, ns, ascii)}`,
    place: { path: place.path, calls: null },
    hint: null,
  };
}

function missingFiles(report: Report): Finding | null {
  const lookups = countCalls(report, Trait.LOOKS_UP);
  if (useOf(report, "missing").calls < MISSED_SHARE * lookups) return null;
  return ofUse(report, "missing", MANY_CALLS, {
    id: "missing_files",
    numbers: { lookups },
    what: ({ calls }) => `${formatCount(calls)} of ${formatCount(lookups)} look-ups end in ENOENT`,
    hint: "look for fewer names, or in fewer places",
  });
}

function reopenedFiles(report: Report): Finding | null {
  const { calls, files } = useOf(report, "reopen");
  if (calls < REOPENS_PER_FILE * files) return null;
  return ofUse(report, "reopen", MANY_CALLS, {
    id: "reopened_files",
    numbers: { files },
    what: ({ calls }) =>
      `${formatCount(calls)} opens of ${
        files === 1 ? "a file" : `${formatCount(files)} files`
      } that had been opened before`,
    hint: "keep them open",
  });
}

function queryStorm(report: Report): Finding | null {
  if (useOf(report, "query").calls < QUERY_SHARE * report.calls) return null;
  return ofUse(report, "query", MANY_CALLS, {
    id: "metadata_queries",
    numbers: { all_calls: report.calls },
    what: ({ calls }) =>
      `${formatCount(calls)} of ${formatCount(report.calls)} calls only query metadata (stat, access)`,
    hint: null,
  });
}

/** The file whose calls waited most for I/O, when that is most of their time; with `--cache` what of it was cached. */
function waitedForFile(report: Report): Finding | null {
  const rows = report.files.filter(({ path }) => path !== OTHER_NAME && !isUnknownName(path));
  const row = rows.reduce<Report["files"][number] | null>(
    (most, row) => Number(row.iowait_ns ?? 0) > Number(most?.iowait_ns ?? 0) ? row : most,
    null,
  );
  if (row === null) return null;
  const [ns, totalNs] = [Number(row.iowait_ns), Number(row.total_ns)];
  if (ns < IOWAIT_SHARE * totalNs || !isWorth(report, ns)) return null;
  const cached = row.fetched_bytes === undefined ? null : cachedBytes(row);
  return {
    id: "io_wait",
    concernsNs: ns,
    numbers: {
      iowait_ns: ns,
      total_ns: totalNs,
      ...shareOf(report, ns),
      ...(cached === null ? {} : { read_bytes: Number(row.read_bytes), cached_bytes: cached }),
    },
    sentence: (ascii) =>
      `${formatShare(ns, totalNs)} of the time of one file's calls was I/O wait, ${
        timeAndShare(report, ns, ascii)
      }` +
      (cached === null ? "" : `; ${formatShare(cached, row.read_bytes)} of the bytes read were cached`),
    place: { path: row.path, calls: null },
    hint: null,
  };
}

/** The mapped file whose page faults waited longest, by all processes. */
function mappedFile(report: Report): Finding | null {
  const files = new Map<string, { bytes: number; faults: number; ns: number }>();
  for (const { path, mapped_bytes, major_faults, fault_ns } of report.mapped_io?.files ?? []) {
    const { bytes, faults, ns } = files.get(path) ?? { bytes: 0, faults: 0, ns: 0 };
    files.set(path, {
      bytes: bytes + mapped_bytes,
      faults: faults + (major_faults ?? 0),
      ns: ns + (fault_ns ?? 0),
    });
  }
  const [found] = [...files].sort(([, a], [, b]) => b.ns - a.ns);
  if (found === undefined || !isWorth(report, found[1].ns)) return null;
  const [path, { bytes, faults, ns }] = found;
  return {
    id: "mapped_io",
    concernsNs: ns,
    numbers: { mapped_bytes: bytes, major_faults: faults, fault_ns: ns, ...shareOf(report, ns) },
    sentence: (ascii) =>
      `${formatBytes(bytes)} of one file came in by page faults, which waited ${
        timeAndShare(report, ns, ascii)
      }`,
    place: { path, calls: null },
    hint: null,
  };
}

/** The words of a finding about a use of files. */
interface UseWords {
  id: string;
  numbers?: Record<string, number>;
  what: (use: Report["uses"][number]) => string;
  /** What to do, `null` when that depends on the program. */
  hint: string | null;
}

/** The finding of a use, `null` when it is too rare or takes too little of the wall time. */
function ofUse(
  report: Report,
  name: FileUse,
  least: number,
  { id, numbers, what, hint }: UseWords,
): Finding | null {
  const use = useOf(report, name);
  const ns = use.total_ns;
  if (use.calls < least || !isWorth(report, ns)) return null;
  return {
    id,
    concernsNs: ns,
    numbers: { calls: use.calls, total_ns: ns, ...shareOf(report, ns), ...numbers },
    sentence: (ascii) => `${what(use)}, ${timeAndShare(report, ns, ascii)}`,
    place: use.place,
    hint,
  };
}

function isWorth(report: Report, ns: number): boolean {
  return ns > 0 && ns >= WORTH_SHARE * wallNs(report);
}

function shareOf(report: Report, ns: number): { wall_share: number } {
  const wall = wallNs(report);
  return { wall_share: wall === 0 ? 0 : ns / wall };
}

/** Without a share of more time than there was: threads run in parallel, and a call may begin before a window. */
function timeAndShare(report: Report, ns: number, ascii: boolean): string {
  const time = formatDuration(ns, { ascii });
  const wall = wallNs(report);
  return ns <= wall ? `${time} (${formatShare(ns, wall)} of the wall time)` : time;
}
