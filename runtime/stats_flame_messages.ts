/**
 * Messages between the main thread and a worker that has both the statistics and the trie: closed unions keyed by `kind`, plain
 * data only. Every request carries an `id` and is answered once, with the same `id`. The protocol version is in
 * runtime/messages.ts.
 */
import type { FlameAnswer, FlameConfig, FlameRequest } from "./flame_messages.ts";
import type {
  DoneReply,
  FailedReply,
  IngestCellsRequest,
  IngestRequest,
  StatsAnswer,
  StatsConfig,
  StatsRequest,
} from "./messages.ts";

/** What such a worker is built with. */
export interface StatsFlameConfig {
  stats: StatsConfig;
  /** Of the same architecture. */
  flame: FlameConfig;
}

/** From the main thread. */
export type StatsFlameRequest =
  | IngestRequest
  | IngestCellsRequest
  | { kind: "hello"; id: number; protocol: number; config: StatsFlameConfig }
  | Extract<StatsRequest, { kind: "snapshot" | "sums" }>
  | Extract<FlameRequest, { kind: "profile" }>;

/** Answers of such a worker. */
export type StatsFlameAnswer = StatsAnswer | Extract<FlameAnswer, { kind: "profile" }>;

/** From the worker. */
export type StatsFlameReply = StatsFlameAnswer | DoneReply | FailedReply;
