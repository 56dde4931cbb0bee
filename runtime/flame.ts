/** Flamegraphs as data: what they are built from, and the forms they are passed around in. */

/**
 * Frames a flamegraph can be built from. `path` makes a frame per part of the path, `stack` one per function that leads to
 * the call, each other field one frame; `flags` is how the call ended.
 */
export const TRIE_FIELDS = ["path", "comm", "syscall", "pid", "tid", "flags", "stack"] as const;

/** One of {@linkcode TRIE_FIELDS}. */
export type TrieField = typeof TRIE_FIELDS[number];

/** What the width of a frame counts: calls, nanoseconds in calls, nanoseconds between calls, bytes moved. */
export const TRIE_METRICS = ["count", "duration", "gap", "bytes"] as const;

/** One of {@linkcode TRIE_METRICS}. */
export type TrieMetric = typeof TRIE_METRICS[number];

/** Name of the frame that holds what was folded. */
export const OTHER_FRAME = "[other]";

/** A node of the flame trie for one metric: name, own value, total, children. */
export interface TrieNode {
  /** Name of the frame, as it is. */
  n: string;
  /** Own value, in the unit of the metric. */
  v: number;
  /** Total: its own value plus those of all nodes below. */
  t: number;
  /** Children; left out when there are none. */
  c?: TrieNode[];
}

/**
 * A whole flamegraph with all its metrics: the nodes of the trie as columns, each after its parent. Node 0 is the
 * root, with neither name nor field; the values of a node are its own, without those below.
 */
export interface FlameProfile {
  /** Fields of the frames, from the root outwards. */
  fields: TrieField[];
  /** Number of nodes, the length of each column. */
  length: number;
  /** Index of each node's parent, less than its own; 0 for the root. */
  parent: Int32Array;
  /** Index in `fields` of each frame's field; 0 for the root. */
  field: Uint8Array;
  /** Index of each frame's name in `names`. */
  name: Int32Array;
  /** Names of frames, each once; the first is the root's, empty. */
  names: string[];
  /** Own value of each node. Sums of integers, exact below 2^53. */
  own: Record<TrieMetric, Float64Array>;
}
