/**
 * Messages between the main thread and a stats worker: closed unions keyed by `kind`, plain data only. Every
 * request carries an `id` and is answered once, by `done`, `snapshot` or `failed` with the same `id`.
 */
import type { ErrorData } from "./errors.ts";
import type { EventBatch } from "./event_batch.ts";
import type { CallCells } from "./call_cells.ts";
import type { GroupKey, StatsSnapshot } from "./stats.ts";

/** Raised with every incompatible change of these messages; both ends refuse another one. */
export const PROTOCOL_VERSION = 2;

/** What a stats worker is built with. */
export interface StatsConfig {
  /** Which machine's numbers the batches carry. */
  arch: "x86_64" | "aarch64";
  /** Files kept apart. */
  maxFiles: number;
  /** Process lifetimes kept apart. */
  maxProcesses: number;
  /** Slowest single calls kept. */
  maxSlowest: number;
  /** Directories kept apart, and rows of each grouping; those of {@linkcode STATS_LIMITS} when left out. */
  maxDirectories?: number;
  /** Memory that the rows of all tables may take, bytes. */
  maxBytes?: number;
  /** Rows kept apart in each grouping. */
  maxGroups?: number;
  /** Groupings to count beside the usual tables, each of one to `MAX_GROUP_KEYS` keys. */
  by?: readonly (readonly GroupKey[])[];
}

/**
 * What is kept apart when nothing else is asked for; what is beyond is folded together. `maxBytes` bounds the memory of a run
 * of any length: a row takes from 300 bytes up to some kilobytes, by the number of different latencies it has seen.
 */
export const STATS_LIMITS = {
  /** More than a build of a large program touches in minutes. */
  maxFiles: 20_000,
  /** Process lifetimes, not processes at a time. */
  maxProcesses: 10_000,
  maxDirectories: 10_000,
  /** Of each grouping. */
  maxGroups: 20_000,
  /** Of the rows of all tables together, so that ior stays below 160 MB. */
  maxBytes: 20_000_000,
  /** Slowest single calls. */
  maxSlowest: 50,
} as const;

/** Of every worker that takes batches. The buffer behind the columns is transferred. */
export interface IngestRequest {
  kind: "ingest";
  id: number;
  batch: EventBatch;
}

/** Of every worker: what was asked is done. For an `ingest` it gives the columns' buffer back, transferred, to be used again. */
export interface DoneReply {
  kind: "done";
  id: number;
  buffer?: ArrayBuffer;
}

/** Of every worker: what was asked cannot be done. */
export interface FailedReply {
  kind: "failed";
  id: number;
  error: ErrorData;
}

/** From the main thread. */
export type StatsRequest =
  | IngestRequest
  | { kind: "hello"; id: number; protocol: number; config: StatsConfig }
  | { kind: "ingest_cells"; id: number; cells: CallCells }
  /** With `reset` a new baseline starts with this snapshot: no call is in both, and none in neither. */
  | { kind: "snapshot"; id: number; reset?: boolean }
  | { kind: "reset"; id: number };

/** Answers of a stats worker to questions. */
export type StatsAnswer = { kind: "snapshot"; id: number; snapshot: StatsSnapshot };

/** From the worker. */
export type StatsReply = StatsAnswer | DoneReply | FailedReply;
