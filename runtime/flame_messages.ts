/**
 * Messages between the main thread and a flame worker: closed unions keyed by `kind`, plain data only. Every request
 * carries an `id` and is answered once, with the same `id`. The protocol's number is that of runtime/messages.ts.
 */
import type { FlameProfile, TrieField, TrieMetric, TrieNode } from "./flame.ts";
import type { DoneReply, FailedReply, IngestRequest } from "./messages.ts";

/** What a flame worker is built with. */
export interface FlameConfig {
  /** Which machine's numbers the batches carry. */
  arch: "x86_64" | "aarch64";
  /** Frames from the root outwards, without duplicates. */
  fields: readonly TrieField[];
  /** What the snapshots of the live trie count. */
  metric: TrieMetric;
  /** Most nodes, root and `[other]` frames included; from 4 to {@linkcode MAX_TRIE_NODES_LIMIT}. */
  maxNodes: number;
}

/**
 * Nodes of the trie when nothing else is asked for: what a viewer still moves smoothly, and more different stacks than
 * a build of a large program has. With their names they take about 20 MB.
 */
export const MAX_TRIE_NODES = 100_000;

/** Largest limit of nodes: the columns alone then take up to 110 MB, half of what all of ior should. */
export const MAX_TRIE_NODES_LIMIT = 1_000_000;

/** What the live trie is about at one moment. */
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
  | { kind: "hello"; id: number; protocol: number; config: FlameConfig }
  | { kind: "reset"; id: number }
  | { kind: "reconfigure"; id: number; fields: TrieField[] }
  | { kind: "set_count_field"; id: number; metric: TrieMetric }
  | { kind: "state"; id: number }
  | { kind: "profile"; id: number }
  | { kind: "tree"; id: number }
  | { kind: "json"; id: number };

/**
 * Answers of a flame worker to questions. `tree` and `json` may come behind the answers of later requests; they have the
 * version of when they were asked for.
 */
export type FlameAnswer =
  | { kind: "state"; id: number; state: FlameState }
  | { kind: "profile"; id: number; profile: FlameProfile }
  | { kind: "tree"; id: number; version: number; root: TrieNode }
  | { kind: "json"; id: number; version: number; json: string };

/** From the worker. */
export type FlameReply = FlameAnswer | DoneReply | FailedReply;
