/**
 * Messages between the main thread and a stats worker: closed unions keyed by `kind`, plain data only. Every
 * request carries an `id` and is answered once, by `done`, `snapshot`, `sums` or `failed` with the same `id`.
 */
import type { ErrorData } from "./errors.ts";
import type { EventBatch } from "./event_batch.ts";
import type { CallCells, SlowLimits } from "./call_cells.ts";
import { MEMORY_BUDGET } from "./memory_budget.ts";
import type { MetricSums } from "./metric_sums.ts";
import type { GroupKey, SnapshotRequest, StatsSnapshot } from "./stats.ts";

/** Incremented with every incompatible change of these messages; both ends refuse any other version. */
export const PROTOCOL_VERSION = 5;

/** What a stats worker is built with. */
export interface StatsConfig {
  /** Architecture whose call numbers the batches carry. */
  arch: "x86_64" | "aarch64";
  /** Maximum number of files counted separately. */
  maxFiles: number;
  /** Maximum number of process lifetimes counted separately. */
  maxProcesses: number;
  /** Maximum number of slowest single calls. */
  maxSlowest: number;
  /** Maximum number of directories counted separately; default that of {@linkcode STATS_LIMITS}. */
  maxDirectories?: number;
  /** Memory that the rows of all tables may take, bytes; default that of {@linkcode STATS_LIMITS}. */
  maxBytes?: number;
  /** Maximum number of rows of each grouping; default that of {@linkcode STATS_LIMITS}. */
  maxGroups?: number;
  /**
   * When a grouping is full, later groups count as its `other` and no row is folded, so that no figure ever falls; default:
   * the rows with the least time are folded.
   */
  groupsLast?: boolean;
  /** Leaves out what was brought into the page cache, see `Recording.knowsFetched`. */
  ignoresFetched?: boolean;
  /** Groupings to count in addition to the usual tables, each of one to `MAX_GROUP_KEYS` keys. */
  by?: readonly (readonly GroupKey[])[];
}

/**
 * Default limits of what is counted separately; the rest is folded together. `maxBytes` bounds the memory of a run of any
 * length: a row takes from 300 bytes to a few kilobytes, depending on how many different latencies it has seen.
 */
export const STATS_LIMITS = {
  /** More than a build of a large program touches in minutes. */
  maxFiles: 20_000,
  /** Process lifetimes, not concurrent processes. */
  maxProcesses: 10_000,
  maxDirectories: 10_000,
  /** Of each grouping. */
  maxGroups: 20_000,
  /** Of the rows of all tables together. */
  maxBytes: MEMORY_BUDGET.tables,
  /** Slowest single calls. */
  maxSlowest: 50,
} as const;

/**
 * For every worker that takes batches. The buffer behind the columns is transferred; so is `memory`, which a worker that
 * answers with a text may write it in.
 */
export interface IngestRequest {
  kind: "ingest";
  id: number;
  batch: EventBatch;
  memory?: ArrayBuffer;
}

/** For every worker that counts. */
export interface IngestCellsRequest {
  kind: "ingest_cells";
  id: number;
  cells: CallCells;
}

/** All calls are slow: nothing is known of the slowest ones. */
export const ALL_SLOW: SlowLimits = { filesNs: 0, waitingNs: 0 };

/**
 * From every worker: the request is done. For an `ingest` it transfers the buffer of the columns back, for reuse; a stats
 * worker says as well which calls may still be among the slowest, a rows worker transfers the lines of the calls, the first
 * bytes of a buffer.
 */
export interface DoneReply {
  kind: "done";
  id: number;
  buffer?: ArrayBuffer;
  slow?: SlowLimits;
  text?: { buffer: ArrayBuffer; bytes: number };
}

/** From every worker: the request failed. */
export interface FailedReply {
  kind: "failed";
  id: number;
  error: ErrorData;
}

/** From the main thread. */
export type StatsRequest =
  | IngestRequest
  | IngestCellsRequest
  | { kind: "hello"; id: number; protocol: number; config: StatsConfig }
  /**
   * With `reset` a new baseline starts at this snapshot: every call is in exactly one of the two. Its time begins at `sinceNs`,
   * nanoseconds since the trace began, default the last exit.
   */
  | { kind: "snapshot"; id: number; reset?: boolean; sinceNs?: number; request?: SnapshotRequest }
  /** `latencyEnds` are the first buckets beyond each class of latencies but the last, rising. */
  | { kind: "sums"; id: number; latencyEnds: readonly number[] }
  | { kind: "reset"; id: number; sinceNs?: number };

/** Answers of a stats worker. */
export type StatsAnswer =
  | { kind: "snapshot"; id: number; snapshot: StatsSnapshot }
  | { kind: "sums"; id: number; sums: MetricSums };

/** From the worker. */
export type StatsReply = StatsAnswer | DoneReply | FailedReply;
