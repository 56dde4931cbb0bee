/** Flamegraphs as data: what they can be built from, and the forms in which they travel. */

/**
 * Frames a flamegraph can be built from. `path` gives a frame for each part of the path, the others one each; `flags` is
 * how the call ended.
 */
export const TRIE_FIELDS = ["path", "comm", "syscall", "pid", "tid", "flags"] as const;

/** One of {@linkcode TRIE_FIELDS}. */
export type TrieField = typeof TRIE_FIELDS[number];

/** What the width of a frame counts: calls, nanoseconds in calls, nanoseconds before them, bytes moved. */
export const TRIE_METRICS = ["count", "duration", "gap", "bytes"] as const;

/** One of {@linkcode TRIE_METRICS}. */
export type TrieMetric = typeof TRIE_METRICS[number];

/** Name of the frame that takes in what was folded. */
export const OTHER_FRAME = "[other]";

/** A node of the flame trie for one metric: name, own value, total, children. */
export interface TrieNode {
  /** Name of the frame, as it is. */
  n: string;
  /** Own value, in the unit of the metric. */
  v: number;
  /** Total: its own value and those of all nodes below. */
  t: number;
  /** Children; left out when there are none. */
  c?: TrieNode[];
}

/**
 * A whole flamegraph with all its metrics: the nodes of the trie as columns, a node behind its parent. Node 0 is the
 * root, with neither name nor field; the values of a node are its own, without those below.
 */
export interface FlameProfile {
  /** Fields of the frames, from the root outwards. */
  fields: TrieField[];
  /** Nodes; the columns are as long. */
  length: number;
  /** Index of each node's parent, less than its own; of the root 0. */
  parent: Int32Array;
  /** Which of `fields` each frame is of; of the root 0. */
  field: Uint8Array;
  /** Index of each frame's name in `names`. */
  name: Int32Array;
  /** Names of frames, each once; the first is the root's, empty. */
  names: string[];
  /** Own value of each node. Sums of integers, exact below 2^53. */
  own: Record<TrieMetric, Float64Array>;
}
