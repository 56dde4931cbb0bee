import { exactDifference, type ExactInteger } from "../../runtime/exact_integer.ts";
import type { RecorderStatus } from "../../runtime/contracts.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import { type MeasuresWithLatency, OTHER_NAME, type StatsSnapshot } from "../../runtime/stats.ts";
import { countLatencies, LATENCY_BOUNDS } from "./latency_buckets.ts";
import type { HistogramSample, Labels, Metric, Sample, Unit } from "./metric.ts";

/** Maximum number of commands with series of their own: each has about twenty. */
export const MAX_COMMANDS = 200;

/** What metrics are made of: a trace at one moment. */
export interface Observed {
  header: ReportHeader;
  /** Counted calls, with one grouping, by `comm`, whose rows last. */
  stats: StatsSnapshot;
  /** ior's memory, bytes. */
  residentBytes: number;
  /** When ior was started, seconds since 1970. */
  startSeconds: number;
  /** The recording, `null` without one. */
  recording: RecorderStatus | null;
  /** Answers so far, by their status. */
  responses: ReadonlyMap<number, number>;
  /** Connections closed because of a limit so far, by its name. */
  refused: ReadonlyMap<string, number>;
  /** Exports so far, `null` without an endpoint. */
  exports: { delivered: number; failed: number } | null;
}

/** The metrics of a trace. Their counters never fall while it runs. */
export function traceMetrics(observed: Observed): Metric[] {
  const { stats, header } = observed;
  return [
    buildInfo(header),
    gauge("ior_trace_start_time_seconds", "When the trace began, since 1970", "seconds", [
      { labels: {}, value: Date.parse(header.started) / 1000 },
    ]),
    ...callMetrics(stats),
    ...commandMetrics(stats),
    ...lossMetrics(header),
    ...costMetrics(observed),
    ...recordingMetrics(observed.recording),
    ...serverMetrics(observed),
  ];
}

function buildInfo({ ior, kernel, arch, libbpf, deno }: ReportHeader): Metric {
  const labels = { version: ior, kernel, arch, libbpf, deno };
  return { kind: "info", name: "ior_build", help: "Versions of ior and of what it runs on", labels };
}

function callMetrics(stats: StatsSnapshot): Metric[] {
  const { totalNs, filesNs, waitingNs } = stats;
  const otherNs = exactDifference(exactDifference(totalNs, filesNs), waitingNs);
  const rows = stats.syscalls.map((row) => ({
    ...row,
    labels: { syscall: row.syscall, family: row.family },
  }));
  const errors = sumBy(stats.errorsBy, ({ errno }) => errno, ({ calls }) => calls);
  return [
    ...measureMetrics("ior_", "ior_syscall_", "system call", rows),
    counter("ior_errors", "Failed calls by error", null, named("errno", errors)),
    counter("ior_time_seconds", "Time in calls by what it was spent on", "seconds", [
      { labels: { on: "files" }, value: seconds(filesNs) },
      { labels: { on: "waiting" }, value: seconds(waitingNs) },
      { labels: { on: "other" }, value: seconds(otherNs) },
    ]),
  ];
}

function commandMetrics({ groups: [commands] }: StatsSnapshot): Metric[] {
  if (commands === undefined) return [];
  const { rows, other } = commands;
  const measured = rows.map((row) => ({ ...row, labels: { comm: commandName(row.values[0]) } }));
  if (other !== null) measured.push({ ...other, values: [], labels: { comm: "other" } });
  return [
    ...measureMetrics("ior_command_", "ior_command_", "command", measured),
    counter(
      "ior_folded_syscalls",
      `Calls that count as other because the label had ${MAX_COMMANDS} values`,
      null,
      [{ labels: { label: "comm" }, value: other?.calls ?? 0 }],
    ),
  ];
}

function commandName(value: { key: string } | undefined): string {
  return value !== undefined && "name" in value ? String(value.name ?? "") : OTHER_NAME;
}

type Row = MeasuresWithLatency & { labels: Record<string, string> };

/** What every table measures. Rows whose labels are equal are one. */
function measureMetrics(start: string, each: string, what: string, rows: readonly Row[]): Metric[] {
  const samples = (value: (row: Row) => number): Sample[] =>
    merged(rows.map((row) => ({ labels: row.labels, value: value(row) })).filter(({ value }) => value > 0));
  const histograms = rows.filter(({ latency }) => latency.count > 0).map((row): HistogramSample => ({
    labels: row.labels,
    counts: countLatencies(row.latency),
    sum: seconds(row.totalNs),
  }));
  return [
    counter(
      `${start}syscalls`,
      `Calls finished by ${what}, failed ones included`,
      null,
      samples((row) => row.calls),
    ),
    counter(`${each}errors`, `Failed calls by ${what}`, null, samples((row) => row.errors)),
    counter(
      `${start}read_bytes`,
      `Bytes read or received by ${what}`,
      "bytes",
      samples((row) => Number(row.readBytes)),
    ),
    counter(
      `${start}written_bytes`,
      `Bytes written or sent by ${what}`,
      "bytes",
      samples((row) => Number(row.writeBytes)),
    ),
    counter(
      `${each}waiting_seconds`,
      `Time in calls by ${what} that was spent waiting for pipes, sockets, terminals and events`,
      "seconds",
      samples((row) => seconds(row.waitingNs)),
    ),
    {
      kind: "histogram",
      name: `${each}duration_seconds`,
      help: `Time from enter to exit by ${what}, of calls that returned`,
      unit: "seconds",
      bounds: LATENCY_BOUNDS,
      samples: mergedHistograms(histograms),
    },
  ];
}

function lossMetrics({ loss }: ReportHeader): Metric[] {
  const places = loss.by === null ? [] : Object.entries(loss.by);
  return [
    counter(
      "ior_lost_syscalls",
      "Selected calls that were not counted, by the place where they were lost",
      null,
      places.map(([place, value]) => ({ labels: { place }, value: value ?? 0 })),
    ),
    gauge("ior_loss_known", "Whether the counters of lost calls can be read", null, [
      { labels: {}, value: loss.state === "unknown" ? 0 : 1 },
    ]),
  ];
}

function costMetrics({ header: { cost }, residentBytes, startSeconds }: Observed): Metric[] {
  const one = (value: number): Sample[] => [{ labels: {}, value }];
  const perRun = cost.bpf_ns_per_run;
  return [
    counter("process_cpu_seconds", "CPU time of ior, user and system", "seconds", one(cost.cpu_ns / 1e9)),
    gauge("process_resident_memory_bytes", "Memory of ior", "bytes", one(residentBytes)),
    gauge("process_start_time_seconds", "When ior was started, since 1970", "seconds", one(startSeconds)),
    gauge(
      "ior_program_run_seconds",
      "Mean time of a run of the kernel programs, when the kernel has counted enough of them",
      "seconds",
      perRun === null || perRun === undefined ? [] : one(perRun / 1e9),
    ),
  ];
}

function recordingMetrics(recording: RecorderStatus | null): Metric[] {
  if (recording === null) return [];
  const { rows, dropped, lastError } = recording;
  const one = (value: number): Sample[] => [{ labels: {}, value }];
  return [
    gauge("ior_recording_rows", "Rows in the recording, without removed segments", null, one(rows)),
    counter("ior_recording_dropped_rows", "Rows that are missing from the recording", null, one(dropped)),
    gauge("ior_recording_failed", "Whether recording has stopped", null, one(lastError === null ? 0 : 1)),
  ];
}

function serverMetrics({ responses, refused, exports }: Observed): Metric[] {
  return [
    counter(
      "ior_http_responses",
      "Answers by status",
      null,
      [...responses].map(([status, value]) => (
        { labels: { status: String(status) }, value }
      )),
    ),
    counter(
      "ior_http_refused_connections",
      "Connections closed because of a limit",
      null,
      named("limit", refused),
    ),
    ...(exports === null ? [] : [
      counter("ior_otlp_exports", "Exports by how they ended", null, [
        { labels: { outcome: "delivered" }, value: exports.delivered },
        { labels: { outcome: "failed" }, value: exports.failed },
      ]),
    ]),
  ];
}

function counter(name: string, help: string, unit: Unit | null, samples: readonly Sample[]): Metric {
  return { kind: "counter", name, help, unit, samples };
}

function gauge(name: string, help: string, unit: Unit | null, samples: readonly Sample[]): Metric {
  return { kind: "gauge", name, help, unit, samples };
}

function named(label: string, values: ReadonlyMap<string, number>): Sample[] {
  return [...values].map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function sumBy<Row>(
  rows: readonly Row[],
  key: (row: Row) => string,
  value: (row: Row) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + value(row));
  return sums;
}

/** Adds up samples with equal labels: two names may look alike, and a command may be named as the others are. */
function merged(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>();
  for (const { labels, value } of samples) {
    const key = keyOf(labels);
    sums.set(key, { labels, value: value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()];
}

function mergedHistograms(samples: readonly HistogramSample[]): HistogramSample[] {
  const sums = new Map<string, HistogramSample>();
  for (const sample of samples) {
    const key = keyOf(sample.labels);
    const before = sums.get(key);
    sums.set(
      key,
      before === undefined ? sample : {
        labels: sample.labels,
        counts: sample.counts.map((count, i) => count + before.counts[i]),
        sum: sample.sum + before.sum,
      },
    );
  }
  return [...sums.values()];
}

/** No name has a NUL in it. */
function keyOf(labels: Labels): string {
  return Object.values(labels).join("\0");
}

function seconds(ns: ExactInteger): number {
  return Number(ns) / 1e9;
}
