/** What the live trie costs: a call counted, beside a loop that only reads the same columns, and snapshots of a full trie. */
import { FlameTrie } from "../../engine/flame/flame_trie.ts";
import type { TrieField } from "../../runtime/flame.ts";
import { MAX_TRIE_NODES } from "../../runtime/flame_messages.ts";
import {
  measureNewFiles,
  measureStream,
  quietTenth,
  streamBatches,
  type StreamCost,
  STREAMS,
} from "./streams.ts";

/** Orders of frames: many stacks for few files, and the other way round. */
const ORDERS: readonly TrieField[][] = [["comm", "syscall", "path"], ["path", "syscall"]];

const SNAPSHOT_ROUNDS = 30;

/** What a snapshot cost, milliseconds, the quietest tenth. */
export interface SnapshotCost {
  nodes: number;
  /** What holds up the batches: the copy that tree and JSON text are made of, the columns of a profile. */
  copyMs: number;
  profileMs: number;
  /** What is done in slices. */
  treeMs: number;
  jsonMs: number;
}

/** Counts each stream in each order of frames. Takes about twenty seconds and needs nothing but a processor. */
export function runFlameBench(): StreamCost[] {
  return ORDERS.flatMap((fields) =>
    [
      ...STREAMS.map((stream) => measureStream(stream, newTrie(fields))),
      measureNewFiles(newTrie(fields)),
    ].map((cost) => ({ ...cost, stream: `${fields.join(",")}: ${cost.stream}` }))
  );
}

/** Snapshots of a trie that is about as full as it gets. */
export function measureSnapshots(): SnapshotCost {
  const trie = newTrie(ORDERS[0]);
  for (const batch of streamBatches(STREAMS[3])) trie.ingest(batch);
  const quietMs = (work: () => unknown) =>
    quietTenth(Array.from({ length: SNAPSHOT_ROUNDS }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }));
  return {
    nodes: trie.profile().length,
    copyMs: quietMs(() => trie.copy()),
    profileMs: quietMs(() => trie.profile()),
    treeMs: quietMs(() => trie.tree()),
    jsonMs: quietMs(() => trie.json()),
  };
}

/** The results as lines, beside the budget of the design. */
export function flameBenchLines(results: readonly StreamCost[], budgetNs: number): string[] {
  return results.map(({ stream, nsPerCall, meanNsPerCall, ratio }) =>
    `  flame trie, ${stream}: ${nsPerCall.toFixed(0)} ns a call (budget ${budgetNs}), ` +
    `${meanNsPerCall.toFixed(0)} with folding, ${ratio.toFixed(1)}x of reading the columns`
  );
}

/** The same of snapshots. */
export function snapshotLine({ nodes, copyMs, profileMs, treeMs, jsonMs }: SnapshotCost): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return `  flame trie of ${nodes} nodes: ${ms(copyMs)} to copy, ${ms(treeMs)} for the tree, ${
    ms(jsonMs)
  } for its JSON text (both in slices), ${ms(profileMs)} for the profile`;
}

function newTrie(fields: readonly TrieField[]): FlameTrie {
  return new FlameTrie({ arch: "x86_64", fields, metric: "duration", maxNodes: MAX_TRIE_NODES });
}

if (import.meta.main) {
  console.log([...flameBenchLines(runFlameBench(), 150), snapshotLine(measureSnapshots())].join("\n"));
}
