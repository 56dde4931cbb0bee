/**
 * Messages between the main thread and a flame worker: closed unions keyed by `kind`, plain data only. Every request
 * carries an `id` and is answered once, with the same `id`. The protocol version is in runtime/messages.ts.
 */
import type { FlameProfile, TrieField, TrieMetric, TrieNode } from "./flame.ts";
import type { DoneReply, FailedReply, IngestCellsRequest, IngestRequest } from "./messages.ts";

/** What a flame worker is built with. */
export interface FlameConfig {
  /** Architecture whose call numbers the batches carry. */
  arch: "x86_64" | "aarch64";
  /** Frames from the root outwards, without duplicates. */
  fields: readonly TrieField[];
  /** What the snapshots of the live trie count. */
  metric: TrieMetric;
  /** Maximum number of nodes, including root and `[other]` frames; from 4 to {@linkcode MAX_TRIE_NODES_LIMIT}. */
  maxNodes: number;
}

/**
 * Default number of nodes of the trie: a viewer still moves them smoothly, and the build of a large program has fewer
 * different stacks. With their names they take about 20 MB.
 */
export const MAX_TRIE_NODES = 100_000;

/** Largest number of nodes that may be asked for: the columns alone then take up to 110 MB, half of ior's memory target. */
export const MAX_TRIE_NODES_LIMIT = 1_000_000;

/** State of the live trie. */
export interface FlameState {
  /** Grows with every change. */
  version: number;
  /** Frames in use, in their order. */
  fields: TrieField[];
  /** What widths count. */
  metric: TrieMetric;
}

/** From the main thread. */
export type FlameRequest =
  | IngestRequest
  | IngestCellsRequest
  | { kind: "hello"; id: number; protocol: number; config: FlameConfig }
  | { kind: "reset"; id: number }
  | { kind: "reconfigure"; id: number; fields: TrieField[] }
  | { kind: "set_count_field"; id: number; metric: TrieMetric }
  | { kind: "state"; id: number }
  | { kind: "profile"; id: number }
  | { kind: "tree"; id: number }
  | { kind: "json"; id: number };

/**
 * Answers of a flame worker. `tree` and `json` may arrive after the answers to later requests; their version is that of
 * the time of the request.
 */
export type FlameAnswer =
  | { kind: "state"; id: number; state: FlameState }
  | { kind: "profile"; id: number; profile: FlameProfile }
  | { kind: "tree"; id: number; version: number; root: TrieNode }
  | { kind: "json"; id: number; version: number; json: string };

/** From the worker. */
export type FlameReply = FlameAnswer | DoneReply | FailedReply;
