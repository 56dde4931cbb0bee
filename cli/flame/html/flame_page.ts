import type { FlameProfile, TrieMetric } from "../../../runtime/flame.ts";

/** A fact about the run, shown above the graph as a label and a text. */
export interface FlameFact {
  /** For example `command`. */
  label: string;
  /** Unescaped; the page escapes it. */
  text: string;
  /** `bad` for what the reader must not miss, such as loss. */
  tone: "good" | "bad" | null;
}

/** The content of an HTML flamegraph, written and read back. */
export interface FlamePage {
  /** Heading and window title. */
  title: string;
  /** In display order. */
  facts: FlameFact[];
  /** The metric shown first. */
  metric: TrieMetric;
  /** Whether the root is at the bottom at first. */
  inverted?: boolean;
  /** The graph; in a comparison, the nodes of both sides with the later run's values. */
  profile: FlameProfile;
  /** Only in a comparison: the earlier run's own values of the same nodes. */
  before?: Record<TrieMetric, Float64Array>;
}
