/**
 * The contracts between the engine and the user interface. Types only: the engine's workers and the renderers
 * share them through structured-clone messages, so a method that may cross a worker returns `T | Promise<T>`.
 */
import type { EventBatch, EventColumns } from "./event_batch.ts";
import type { SessionsResult } from "./file_sessions.ts";
import type { CallSet, Filter } from "./filter/filter.ts";
import type { FlameProfile, TrieField, TrieMetric, TrieNode } from "./flame.ts";
import type { Loss } from "./loss.ts";
import type { ReportMappedIo } from "./report.ts";
import type { RecordingEnd, RecordingStart } from "./recording.ts";
import type { StreamRow, WarningRow } from "./row.ts";
import type { SnapshotRequest, StatsSnapshot } from "./stats.ts";

/** A value, now or from another worker later. */
export type MaybePromise<T> = T | Promise<T>;

/** What has come of a trace so far. */
export interface Progress {
  /** Calls delivered to every consumer. */
  calls: number;
  /** Selected calls that were not counted. */
  loss: Loss;
  /** Requests to io_uring that are not selected: work in no table. Left out where they are not known. */
  untracedRequests?: number;
}

/** A running trace. Whoever started it disposes of it, which withdraws what it has published. */
export interface TraceSession extends AsyncDisposable {
  /** Settles when the trace has ended by itself or was stopped, after the last call reached every consumer. */
  readonly ended: Promise<void>;
  /** What has come so far. */
  progress(): Progress;
  /** Ends the trace: disable, detach, drain, read the loss counters. Safe to call more than once. */
  stop(): Promise<void>;
}

/**
 * A recording that is played as if it were traced now. Nothing moves by itself: whoever shows it asks for the next moment.
 * Times are nanoseconds since the trace of the recording began.
 */
export interface Player {
  /** The first moment. */
  readonly startNs: number;
  /** The last moment. */
  readonly endNs: number;
  /** The moment that is shown: every call that had ended by then has reached every consumer. */
  readonly atNs: number;
  /**
   * Shows another moment. For an earlier one everything is counted from the beginning again, as it is after a change of
   * the filter, the frames or the metric, which go back to the first moment. Rejects when the recording cannot be read.
   */
  seek(atNs: number): Promise<void>;
}

/** Resolves when tracing runs, rejects when startup fails; long work goes on in the background until stopped. */
export type TraceStarter = (context: TraceContext) => Promise<TraceSession>;

/** Rows kept of the live stream. */
export interface StreamSource {
  /** Rows held now. */
  readonly length: number;
  /** The rows held now, oldest first. */
  snapshot(): (StreamRow | WarningRow)[];
}

/** Where the engine pushes rows. */
export interface EventSink extends StreamSource {
  /** Warnings among the rows held. */
  readonly warnings: number;
  /** Appends a row, the newest of those held. */
  push(row: StreamRow | WarningRow): void;
  /** Drops the rows that are no longer wanted; warnings stay. */
  retain(isWanted: (row: StreamRow) => boolean): void;
}

/** Source of snapshots of the statistics; `null` when there is none yet. Rejects when its construction failed. */
export interface SnapshotSource {
  /** What has been counted so far, immutable: all of it, or what the request says. */
  snapshot(request?: SnapshotRequest): MaybePromise<StatsSnapshot | null>;
}

/** A source whose counting can begin again. */
export interface ResettableSnapshotSource extends SnapshotSource {
  /** What has been counted so far. Counting begins again: every call is in exactly one such snapshot. */
  snapshotAndReset(): MaybePromise<StatsSnapshot | null>;
}

/** Takes batches in and counts them. */
export interface EventIngester {
  /** Counts a batch. A worker takes its columns and returns others, to be filled again. */
  ingest(batch: EventBatch): MaybePromise<EventColumns | null | void>;
  /** Starts a new baseline. */
  reset(): MaybePromise<void>;
}

/** Snapshots of the live trie, each with the version it belongs to. */
export interface Snapshotter {
  /** Only grows. */
  version(): MaybePromise<number>;
  /** The root {@linkcode TrieNode} as JSON text. */
  snapshotJson(): MaybePromise<{ version: number; json: string }>;
  /** The same as data. */
  snapshotTree(): MaybePromise<{ version: number; root: TrieNode }>;
  /** Everything, with all metrics, for a file. */
  profile(): MaybePromise<FlameProfile>;
}

/** Configuration of the live trie; a change starts a new baseline, an invalid name changes nothing. */
export interface Configurator {
  /** Frames in use, in their order. */
  fields(): MaybePromise<TrieField[]>;
  /** What widths count. */
  countField(): MaybePromise<TrieMetric>;
  /** Sets the frames: a list in order, without duplicates. */
  reconfigure(fields: TrieField[]): MaybePromise<void>;
  /** Sets what widths count; the metric in use changes nothing. */
  setCountField(name: TrieMetric): MaybePromise<void>;
  /** Starts a new baseline with the same configuration. */
  reset(): MaybePromise<void>;
}

/** The live trie as the interface uses it. */
export interface LiveTrieSource extends Snapshotter, Configurator {}

/** State of one probe. */
export interface ProbeState {
  /** Name of the system call. */
  syscall: string;
  /** Family of the call, as in the help. */
  family: string;
  /** What it does, words of `--kind`; none for a call that has none. */
  kinds: readonly string[];
  /** Number on this machine, `null` when it has none. */
  number: number | null;
  /** True while its calls are traced. */
  active: boolean;
  /** Why it can never be active, `null` when it can. */
  unavailable: string | null;
}

/** The probes of a family. */
export interface FamilyProbes {
  /** Name of the family, as in the help. */
  family: string;
  /** How many of its calls are on. */
  active: number;
  /** How many are available. */
  total: number;
}

/**
 * Turns system calls on and off in the running trace, at once. A call that a thread is in when it is turned off still has
 * its row; one that a thread is in when it is turned on has none. What an interface turned on and off stays so under later
 * filters.
 */
export interface ProbeManager {
  /** One for each system call that ior knows. */
  states(): ProbeState[];
  /** One for each family in the order of the help, those without available calls too. */
  familyStates(): FamilyProbes[];
  /** Turns the call of this name off when it is on, and on when it is off. Rejects for a call that is not available. */
  toggle(syscall: string): MaybePromise<void>;
  /** Turns the calls of a family on, or off when all of them are on. Rejects for an unknown family. */
  toggleFamily(family: string): MaybePromise<void>;
  /**
   * Turns the calls whose name matches a pattern of `--comm` on, or off when all of them are on. Resolves with how many
   * match; rejects for an empty pattern.
   */
  toggleMatching(pattern: string): MaybePromise<number>;
  /** Turns every call on or off. */
  setAll(active: boolean): MaybePromise<void>;
  /** How many are on, and how many are available. */
  activeCount(): { active: number; total: number };
  /**
   * What is meant to be on, for {@linkcode TraceContext.withCalls} of the next trace; `null` when nothing was turned on or
   * off. Also known after the end of the trace.
   */
  intended(): CallSet | null;
}

/** Status of a recording. */
export interface RecorderStatus {
  /** File or directory that is written. */
  path: string;
  /** Rows in it so far, including those of the file that is not yet complete. */
  rows: number;
  /** Rows that are missing from it. */
  dropped: number;
  /** Text of the first failure, `null` for none. A failure ends the recording, not the trace. */
  lastError: string | null;
  /** The segment of a directory that was completed last; left out when none was. */
  file?: string;
}

/** Writes the rows of a trace to a file or a directory that was opened before. */
export interface Recorder {
  /** Begins. No row is accepted before. */
  start(start: RecordingStart): MaybePromise<void>;
  /** Completes the recording and returns its final status. */
  stop(end: RecordingEnd): MaybePromise<RecorderStatus>;
  /** The status so far. */
  status(): MaybePromise<RecorderStatus>;
  /** False while it can take no batch. */
  readonly canIngest: boolean;
  /** Resolves when it can take a batch. */
  room(): Promise<void>;
  /**
   * Takes a batch, whose columns the caller must not use after. The first one carries the names of everything in it.
   * Resolves with columns for reuse, `null` when they are lost.
   */
  ingest(batch: EventBatch): Promise<EventColumns | null>;
}

/** Numbers rows; outlives a restart of the trace. */
export interface StreamSequencer {
  /** Reserves `count` numbers and returns the first. */
  take(count: number): number;
}

/**
 * Applies a filter to the running trace in place: rows carry its number from then on, statistics and trie start a new
 * baseline, and the rows held are judged again. Resolves with the number. Rejects, and changes nothing, for a filter
 * that cannot be applied to a running trace.
 */
export type LiveFilterSetter = (filter: Filter) => Promise<number>;

/**
 * Says whether somebody wants single rows. While nobody does, the kernel adds up what it can, and the rows are a sample. When
 * it resolves, every call that ends has a row, and the buffer holds none of before. Rejects when the trace has ended.
 */
export type RowsSwitch = (wanted: boolean) => Promise<void>;

/** Follows open file descriptions, for as long as somebody looks at them: that takes single rows, and costs nothing otherwise. */
export interface FileSessionSource {
  /**
   * Begins to follow them, with the next call that ends, or forgets all of them. Of a recording that is played everything is
   * counted from the beginning then, and its first moment is shown.
   */
  follow(wanted: boolean): Promise<void>;
  /** What is known of them so far, `null` while they are not followed. Bounded: those with the least time are left out. */
  snapshot(): MaybePromise<SessionsResult | null>;
}

/** What page faults read of mapped files, outside of any call. */
export interface MappedIoSource {
  /**
   * What they have read since the trace began, or since the filter was changed; of a recording, in all of its time. `null` when
   * they are not followed.
   */
  snapshot(): MaybePromise<ReportMappedIo | null>;
}

/** What the engine publishes to the interface: each is set when tracing begins, and `null` when it is over. */
export interface RuntimePublisher {
  /** Where to ask for the statistics. */
  setDashboardSnapshotSource(source: ResettableSnapshotSource | null): void;
  /** Where to read the live rows. */
  setEventStreamSource(source: StreamSource | null): void;
  /** Where to ask for open file descriptions. */
  setFileSessionSource(source: FileSessionSource | null): void;
  /** Where to ask for mapped I/O. */
  setMappedIoSource(source: MappedIoSource | null): void;
  /** The trie behind the flamegraph. */
  setLiveTrie(trie: LiveTrieSource | null): void;
  /** What turns system calls on and off. */
  setProbeManager(manager: ProbeManager | null): void;
  /** Changes the filter of the running trace, `null` when it cannot be changed. */
  setLiveFilterSetter(setter: LiveFilterSetter | null): void;
  /** Turns single rows on and off, nobody wants them at first; `null` when every call has a row. */
  setRowsSwitch(turn: RowsSwitch | null): void;
}

/** What the interface lends to the engine. */
export interface RuntimeState {
  /** Where to push rows, `null` for nowhere. */
  streamBuffer(): EventSink | null;
  /** What writes rows to a file, `null` without a recording. Asked at each batch: a recording may begin and end meanwhile. */
  recorder(): Recorder | null;
  /** Numbers the rows; the numbers go on when the trace is started again. */
  streamSequencer(): StreamSequencer;
  /** Epoch of the filter that a trace begins with; rows carry it. */
  filterEpoch(): number;
}

/** Both sides. */
export interface TraceRuntimeBindings extends RuntimePublisher, RuntimeState {}

/** Immutable value carrying optional bindings, an optional filter and an optional set of calls. */
export interface TraceContext {
  /** Both sides of the bindings, `undefined` when the trace runs without an interface. */
  bindings(): TraceRuntimeBindings | undefined;
  /** Only the publishing side. */
  publisher(): RuntimePublisher | undefined;
  /** A copy of the filter. */
  filter(): Filter | undefined;
  /** The calls that are on at first instead of those of the filter, `undefined` for the filter's. */
  calls(): CallSet | undefined;
  /** A copy with these bindings. */
  withBindings(bindings: TraceRuntimeBindings): TraceContext;
  /** A copy with a clone of this filter. */
  withFilter(filter: Filter): TraceContext;
  /** A copy with a clone of these calls: what {@linkcode ProbeManager.intended} said. An empty set turns all off. */
  withCalls(calls: CallSet | null): TraceContext;
}
