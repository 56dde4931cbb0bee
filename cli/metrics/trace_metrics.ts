import { exactDifference, type ExactInteger } from "../../runtime/exact_integer.ts";
import type { RecorderStatus } from "../../runtime/contracts.ts";
import { type ReportHeader, sumOfRequests } from "../../runtime/report.ts";
import { type MetricSums, SumField } from "../../runtime/metric_sums.ts";
import { LATENCY_BOUNDS } from "./latency_buckets.ts";
import type { HistogramSample, Labels, Metric, Sample, Unit } from "./metric.ts";

/** Maximum number of commands with series of their own: each has about twenty. */
export const MAX_COMMANDS = 200;

const NS_PER_SECOND = 1e9;

/** What metrics are made of: a trace at one moment. */
export interface Observed {
  header: ReportHeader;
  /** Counted calls, by the classes of `LATENCY_ENDS`, with a grouping by `comm` whose rows last. */
  stats: MetricSums;
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

function callMetrics({ totalNs, filesNs, waitingNs, syscalls, errors, width }: MetricSums): Metric[] {
  const otherNs = exactDifference(exactDifference(totalNs, filesNs), waitingNs);
  return [
    ...measureMetrics("ior_", "ior_syscall_", "system call", {
      labels: syscalls.names.map(({ syscall, family }) => ({ syscall, family })),
      values: syscalls.values,
      width,
    }),
    counter("ior_errors", "Failed calls by error", null, named("errno", errors)),
    counter("ior_time_seconds", "Time in calls by what it was spent on", "seconds", [
      { labels: { on: "files" }, value: seconds(filesNs) },
      { labels: { on: "waiting" }, value: seconds(waitingNs) },
      { labels: { on: "other" }, value: seconds(otherNs) },
    ]),
  ];
}

function commandMetrics({ commands, width }: MetricSums): Metric[] {
  if (commands === null) return [];
  const { names, values } = commands;
  const hasOther = names.at(-1) === null;
  const folded = hasOther ? values[(names.length - 1) * width + SumField.CALLS] : 0;
  return [
    ...measureMetrics("ior_command_", "ior_command_", "command", {
      labels: names.map((name) => ({ comm: name ?? "other" })),
      values,
      width,
    }),
    counter(
      "ior_folded_syscalls",
      `Calls that count as other because the label had ${MAX_COMMANDS} values`,
      null,
      [{ labels: { label: "comm" }, value: folded }],
    ),
  ];
}

/** Rows of sums, and the labels of each. */
interface Rows {
  labels: readonly Labels[];
  values: Float64Array;
  width: number;
}

/** What every table measures. Rows whose labels are equal are one. */
function measureMetrics(start: string, each: string, what: string, rows: Rows): Metric[] {
  const repeats = new Set(rows.labels.map(keyOf)).size < rows.labels.length;
  const samples = (field: number, unit = 1): Sample[] => {
    const samples = samplesOf(rows, field, unit);
    return repeats ? merged(samples) : samples;
  };
  const histograms = histogramsOf(rows);
  return [
    counter(
      `${start}syscalls`,
      `Calls finished by ${what}, failed ones included`,
      null,
      samples(SumField.CALLS),
    ),
    counter(`${each}errors`, `Failed calls by ${what}`, null, samples(SumField.ERRORS)),
    counter(
      `${start}read_bytes`,
      `Bytes read or received by ${what}`,
      "bytes",
      samples(SumField.READ_BYTES),
    ),
    counter(
      `${start}written_bytes`,
      `Bytes written or sent by ${what}`,
      "bytes",
      samples(SumField.WRITTEN_BYTES),
    ),
    counter(
      `${each}waiting_seconds`,
      `Time in calls by ${what} that was spent waiting for pipes, sockets, terminals and events`,
      "seconds",
      samples(SumField.WAITING_NS, NS_PER_SECOND),
    ),
    {
      kind: "histogram",
      name: `${each}duration_seconds`,
      help: `Time from enter to exit by ${what}, of calls that returned`,
      unit: "seconds",
      bounds: LATENCY_BOUNDS,
      samples: repeats ? mergedHistograms(histograms) : histograms,
    },
  ];
}

/** A field of the rows in which it is above 0, in units of `unit`. */
function samplesOf({ labels, values, width }: Rows, field: number, unit: number): Sample[] {
  const samples: Sample[] = [];
  for (let row = 0; row < labels.length; row++) {
    const value = values[row * width + field];
    if (value > 0) samples.push({ labels: labels[row], value: value / unit });
  }
  return samples;
}

/** The latencies of the rows that have any. */
function histogramsOf({ labels, values, width }: Rows): HistogramSample[] {
  const samples: HistogramSample[] = [];
  for (let row = 0; row < labels.length; row++) {
    const at = row * width;
    const counts: number[] = [];
    let count = 0;
    for (let i = at + SumField.LATENCIES; i < at + width; i++) {
      counts.push(values[i]);
      count += values[i];
    }
    if (count === 0) continue;
    samples.push({ labels: labels[row], counts, sum: values[at + SumField.TOTAL_NS] / NS_PER_SECOND });
  }
  return samples;
}

function lossMetrics({ loss, io_uring_requests: requests = [] }: ReportHeader): Metric[] {
  const places = loss.by === null ? [] : Object.entries(loss.by);
  return [
    counter(
      "ior_lost_syscalls",
      "Selected calls that were not counted, by the place where they were lost",
      null,
      places.map(([place, value]) => ({ labels: { place }, value: value ?? 0 })),
    ),
    counter("ior_unnamed_syscalls", "Calls that were counted without their files or command", null, [
      { labels: {}, value: loss.unnamed ?? 0 },
    ]),
    counter(
      "ior_untraced_io_uring_requests",
      "Requests to io_uring that are not selected, and in no other metric",
      null,
      [{ labels: {}, value: sumOfRequests(requests) }],
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
  return Number(ns) / NS_PER_SECOND;
}
