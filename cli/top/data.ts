/** What the live view has been given: samples of the statistics, rows, the trie, and what is known of the trace. */
import { bucketMiddle } from "../../engine/stats/buckets.ts";
import type { ProbeState, RecorderStatus } from "../../runtime/contracts.ts";
import { exactDifference } from "../../runtime/exact_integer.ts";
import type { SessionsResult } from "../../runtime/file_sessions.ts";
import type { TrieField, TrieMetric, TrieNode } from "../../runtime/flame.ts";
import type { ReportMappedIo } from "../../runtime/report.ts";
import { type Loss, UNKNOWN_LOSS } from "../../runtime/loss.ts";
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import {
  type BucketData,
  OPTIONAL_TABLES,
  type SnapshotRequest,
  type StatsSnapshot,
} from "../../runtime/stats.ts";

/** Samples kept for sparklines and the heat map: five minutes at two a second, wider than any terminal. */
export const HISTORY_MAX = 600;

/** Steps of latency of the heat map: two for each power of ten, from 100 ns up to 100 s and more. */
export const LATENCY_STEPS = 19;
const FIRST_HALF_DECADE = 4;

/** The statistics at a moment, nanoseconds since the trace began. */
export interface Sample {
  /** When it was taken. */
  atNs: number;
  stats: StatsSnapshot;
  /** The optional tables that it has; left out for all. */
  tables?: SnapshotRequest["tables"];
}

/** What happened between two samples. */
export interface Interval {
  /** Length in seconds. */
  seconds: number;
  calls: number;
  errors: number;
  readBytes: number;
  writeBytes: number;
  /** Time in calls on files, and waiting, nanoseconds. */
  filesNs: number;
  waitingNs: number;
  /** Time in all calls, and the parts of it off the processor, nanoseconds; those are 0 where they are not known. */
  totalNs: number;
  iowaitNs: number;
  blockedNs: number;
  runqueueNs: number;
  /** The part of that time of which they are not known. */
  partsUnknownNs: number;
  /** Bytes that calls brought into the page cache; 0 where that is not known. */
  fetchedBytes: number;
  /** Calls that returned, by step of latency. */
  latency: readonly number[];
}

/** Mapped I/O at a moment, nanoseconds since the trace began. */
export interface MappedSample {
  atNs: number;
  io: ReportMappedIo;
}

/** The trie behind the flamegraph. */
export interface TrieData {
  root: TrieNode;
  fields: readonly TrieField[];
  metric: TrieMetric;
}

/** Everything that is shown. Nothing of it changes: an update makes another one. */
export interface TopData {
  /** The newest sample, and the one before it of the same baseline. */
  now: Sample | null;
  before: Sample | null;
  /** The latter as it was taken: without tables that only `now` has. */
  rateStart: Sample | null;
  /** When the baseline began, nanoseconds since the trace began. */
  baselineNs: number;
  /** Newest last. */
  history: readonly Interval[];
  /** Oldest first. */
  rows: readonly (StreamRow | WarningRow)[];
  trie: TrieData | null;
  /** Open file descriptions, `null` while they are not followed. */
  sessions: SessionsResult | null;
  /** What page faults have read of mapped files, `null` while nobody has asked or where they are not followed. */
  mapped: MappedSample | null;
  /** The same at the frame before. */
  mappedBefore: MappedSample | null;
  /** Warnings among the rows that are held. */
  warnings: number;
  probes: readonly ProbeState[];
  /** Length of the trace, nanoseconds. */
  elapsedNs: number;
  loss: Loss;
  /** Requests to io_uring that are not selected. */
  untracedRequests: number;
  /** True when nothing more comes. */
  hasEnded: boolean;
  /** The recording that is written, `null` for none. */
  recording: RecorderStatus | null;
}

/** Before anything has come. */
export function emptyData(): TopData {
  return {
    now: null,
    before: null,
    rateStart: null,
    baselineNs: 0,
    history: [],
    rows: [],
    trie: null,
    sessions: null,
    mapped: null,
    mappedBefore: null,
    warnings: 0,
    probes: [],
    elapsedNs: 0,
    loss: UNKNOWN_LOSS,
    untracedRequests: 0,
    hasEnded: false,
    recording: null,
  };
}

/**
 * The data with another sample. The first one of a new baseline has no sample before it. One that comes sooner than `leastNs`
 * after another takes its place: rates of so short a time would be wrong.
 */
export function withSample(data: TopData, sample: Sample, leastNs: number): TopData {
  const last = data.now !== null && data.now.atNs >= data.baselineNs ? data.now : null;
  const isNear = last !== null && sample.atNs - last.atNs < leastNs;
  const earlier = isNear ? data.rateStart : last;
  const isShort = earlier === null && sample.atNs - data.baselineNs < leastNs;
  const rateStart = isShort ? sample : earlier;
  const before = rateStart && filled(rateStart, sample);
  const isReplaced = isNear || data.history.at(-1)?.seconds === 0;
  const history = [
    ...(isReplaced ? data.history.slice(0, -1) : data.history),
    intervalOf(before, sample, data.baselineNs),
  ].slice(-HISTORY_MAX);
  return { ...data, now: sample, before, rateStart, history };
}

/** The data with what page faults have read by now; its rates are of no less than `leastNs` either. */
export function withMapped(data: TopData, io: ReportMappedIo | null, leastNs: number): TopData {
  const { mapped, mappedBefore, elapsedNs } = data;
  const isNear = mapped !== null && elapsedNs - mapped.atNs < leastNs;
  return { ...data, mapped: io && { atNs: elapsedNs, io }, mappedBefore: isNear ? mappedBefore : mapped };
}

/** The data of a pause, with all tables of the moment at which it began. */
export function withAllTables(data: TopData, sample: Sample): TopData {
  if (data.now === null) return data;
  return { ...data, now: sample, before: data.rateStart && filled(data.rateStart, sample) };
}

/** A sample with the tables that only the next one has, whose rates then are 0 instead of wrong. */
function filled({ atNs, stats, tables }: Sample, next: Sample): Sample {
  const missing = OPTIONAL_TABLES.filter((table) => tables?.includes(table) === false);
  const filling = Object.fromEntries(missing.map((table) => [table, next.stats[table]]));
  return { atNs, stats: { ...stats, ...filling } };
}

/** The data when counting has begun again at `atNs`: what was counted before is shown no longer. */
export function atBaseline(data: TopData, atNs: number): TopData {
  return { ...data, now: null, before: null, rateStart: null, baselineNs: atNs };
}

/**
 * Whether a baseline is due that begins every `everyNs`: at the first frame from a multiple of it on, counted from `startNs`. Frames
 * are never exactly on time, so a time counted from the last baseline would often be a frame longer.
 */
export function isBaselineDue(
  { baselineNs }: Pick<TopData, "baselineNs">,
  { atNs, startNs, everyNs }: { atNs: number; startNs: number; everyNs: number },
): boolean {
  const multiples = (ns: number) => Math.floor((ns - startNs) / everyNs);
  return multiples(atNs) > multiples(baselineNs);
}

/** The data when another moment of a recording is next, with the sample before it. */
export function jumped(data: TopData, before: Sample | null, baselineNs: number): TopData {
  return { ...data, now: before, before: null, rateStart: null, baselineNs, history: [] };
}

/** Seconds that the rates of the newest sample are of; 0 when there is none. */
export function rateSeconds({ now, before, baselineNs }: TopData): number {
  return now === null ? 0 : (now.atNs - (before?.atNs ?? baselineNs)) / 1e9;
}

function intervalOf(before: Sample | null, now: Sample, baselineNs: number): Interval {
  const [a, b] = [before?.stats ?? null, now.stats];
  const difference = (value: (stats: StatsSnapshot) => number | bigint) =>
    Number(exactDifference(value(b), a === null ? 0 : value(a)));
  const latency = latencySteps(b);
  if (a !== null) latencySteps(a).forEach((count, step) => latency[step] -= count);
  return {
    seconds: (now.atNs - (before?.atNs ?? baselineNs)) / 1e9,
    calls: difference((stats) => stats.calls),
    errors: difference((stats) => stats.errors),
    readBytes: difference((stats) => stats.readBytes),
    writeBytes: difference((stats) => stats.writeBytes),
    filesNs: difference((stats) => stats.filesNs),
    waitingNs: difference((stats) => stats.waitingNs),
    totalNs: difference((stats) => stats.totalNs),
    iowaitNs: difference((stats) => stats.iowaitNs ?? 0),
    blockedNs: difference((stats) => stats.blockedNs ?? 0),
    runqueueNs: difference((stats) => stats.runqueueNs ?? 0),
    partsUnknownNs: difference((stats) => stats.partsUnknownNs ?? 0),
    fetchedBytes: difference((stats) => stats.fetchedBytes ?? 0),
    latency,
  };
}

/** Calls that returned, by step of latency. */
export function latencySteps({ syscalls }: StatsSnapshot): number[] {
  const steps = new Array<number>(LATENCY_STEPS).fill(0);
  for (const { latency } of syscalls) addSteps(steps, latency);
  return steps;
}

/** Adds the counts of a histogram of nanoseconds to steps. */
export function addSteps(steps: number[], { indexes, counts }: BucketData): void {
  indexes.forEach((index, i) => {
    const ns = bucketMiddle(index);
    const step = Math.floor(Math.log10(Math.max(ns, 1)) * 2) - FIRST_HALF_DECADE;
    steps[Math.min(Math.max(step, 0), LATENCY_STEPS - 1)] += counts[i];
  });
}

/** Lowest latency of a step, nanoseconds; the first one has also what is below, the last what is above. */
export function stepNs(step: number): number {
  return 10 ** ((step + FIRST_HALF_DECADE) / 2);
}
