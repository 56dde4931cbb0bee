import type { FlameProfile, TrieMetric } from "../../../runtime/flame.ts";

/** A line of what is known about the run, above the graph: a word, and what it says. */
export interface FlameFact {
  /** For instance `command`. */
  label: string;
  /** As it is; the page escapes it. */
  text: string;
  /** `bad` for what the reader must not miss, such as loss. */
  tone: "good" | "bad" | null;
}

/** What an HTML flamegraph is made of, and what it is read back to. */
export interface FlamePage {
  /** Heading and window title. */
  title: string;
  /** In the order in which they are shown. */
  facts: FlameFact[];
  /** The metric shown first. */
  metric: TrieMetric;
  /** Whether the root is at the bottom at first. */
  inverted?: boolean;
  /** The graph; of a comparison the nodes of both sides, with the values after. */
  profile: FlameProfile;
  /** Only of a comparison: the own values before, for the same nodes. */
  before?: Record<TrieMetric, Float64Array>;
}
