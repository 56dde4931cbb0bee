import type { CallCells, CellColumns } from "../../runtime/call_cells.ts";
import type { EventIngester } from "../../runtime/contracts.ts";
import type { EventBatch, EventColumns } from "../../runtime/event_batch.ts";
import {
  type FlameProfile,
  TRIE_METRICS,
  type TrieField,
  type TrieMetric,
  type TrieNode,
} from "../../runtime/flame.ts";
import type { FlameConfig } from "../../runtime/flame_messages.ts";
import { DID_NOT_RETURN, returnWords } from "../../runtime/outcome.ts";
import { RowBuilder } from "../event_rows.ts";
import { MAX_VALUE } from "../stats/buckets.ts";
import { CHUNK_CALLS } from "../stats/call_columns.ts";
import { SlotIds } from "../stats/slot_ids.ts";
import { endingOf, endingWith } from "./call_ending.ts";
import type { NameSource } from "./field_nodes.ts";
import { checkedFields, checkedMaxNodes, checkedMetric } from "./flame_config.ts";
import { profileOf } from "./profile.ts";
import type { StackCalls } from "./stack_finder.ts";
import { treeJson, treeOf } from "./tree.ts";
import { Trie } from "./trie.ts";
import { TrieCopy } from "./trie_copy.ts";
import { VALUES } from "./trie_nodes.ts";

/**
 * The trie behind flamegraphs: calls by their frames, in all metrics at once. Knows nothing of workers.
 *
 * Values are those of the report: a call that did not return (`exit`, a process killed inside it) counts as a call and
 * adds no time. Its bytes count once: those of a copy, which the report counts on both sides, for `path`. A call without
 * a file adds to its parent.
 *
 * Bounded: when there are more than `maxNodes`, the least recently active subtrees are folded into `[other]` frames until
 * three quarters are left, so the cost is spread over the quarter that then fits. Totals stay exact; a stack that occurs
 * again afterwards starts new nodes.
 *
 * Must not be used after {@linkcode ingest} has thrown: part of the batch may have been counted.
 */
export class FlameTrie implements EventIngester {
  readonly #maxNodes: number;
  readonly #rows: RowBuilder;
  readonly #source: NameSource;
  readonly #taskIds = new SlotIds();
  readonly #fileIds = new SlotIds();
  /** Nodes of the calls at work. */
  readonly #found = new Int32Array(CHUNK_CALLS);
  #fields: TrieField[];
  #metric: TrieMetric;
  #trie: Trie;
  #version = 0;

  /**
   * Throws an `IorError` for an invalid frame, metric or limit. `rows` has the names of the batches; another ingester of the
   * same batches may share it.
   */
  constructor(config: FlameConfig, rows = new RowBuilder(config.arch)) {
    this.#fields = checkedFields(config.fields);
    this.#metric = checkedMetric(config.metric);
    this.#maxNodes = checkedMaxNodes(config.maxNodes);
    this.#rows = rows;
    this.#source = {
      arch: config.arch,
      task: (slot) => this.#rows.task(slot),
      file: (slot) => this.#rows.file(slot),
    };
    this.#trie = this.#newTrie();
  }

  /** Grows with every change. */
  version(): number {
    return this.#version;
  }

  /** Frames in use, in their order. */
  fields(): TrieField[] {
    return [...this.#fields];
  }

  /** What the widths of {@linkcode tree} and {@linkcode json} count. */
  countField(): TrieMetric {
    return this.#metric;
  }

  /** Sets the frames and starts a new baseline. Throws an `IorError` for an invalid list, and then changes nothing. */
  reconfigure(fields: readonly TrieField[]): void {
    this.#fields = checkedFields(fields);
    this.reset();
  }

  /**
   * Sets what widths count and starts a new baseline; the metric in use changes nothing. Throws an `IorError` for an
   * unknown one, and then changes nothing.
   */
  setCountField(metric: TrieMetric): void {
    const checked = checkedMetric(metric);
    if (checked === this.#metric) return;
    this.#metric = checked;
    this.reset();
  }

  /** Starts a new baseline. Names of slots stay: later batches do not repeat them. */
  reset(): void {
    this.#version++;
    this.#trie = this.#newTrie();
  }

  /** Counts the calls of a batch. Keeps no reference to its columns. */
  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    this.#namesChanged(batch);
    if (batch.length === 0) return;
    this.#version++;
    this.#trie.startBatch();
    this.#count(batch.columns, batch.length);
  }

  /** Counts calls given as sums. */
  ingestCells({ length, columns, tasks, files }: CallCells): void {
    this.#rows.name({ tasks, files });
    this.#namesChanged({ tasks, files });
    if (length === 0) return;
    this.#version++;
    this.#trie.startBatch();
    this.#countCells(columns, length);
  }

  /** All nodes with all metrics; shares nothing with the trie. */
  profile(): FlameProfile {
    return profileOf(this.#trie, this.#fields);
  }

  /** A copy of what a snapshot of the metric in use needs; cheap. */
  copy(): TrieCopy {
    return new TrieCopy(this.#trie, TRIE_METRICS.indexOf(this.#metric), this.#version);
  }

  /** The nodes large enough to be seen, see {@linkcode treeOf}, for the metric in use. */
  tree(): { version: number; root: TrieNode } {
    return { version: this.#version, root: finish(treeOf(this.copy())) };
  }

  /** The same as JSON text. */
  json(): { version: number; json: string } {
    return { version: this.#version, json: finish(treeJson(this.copy())) };
  }

  #newTrie(): Trie {
    return new Trie(this.#fields, this.#maxNodes, this.#source);
  }

  #namesChanged({ tasks, files }: Pick<EventBatch, "tasks" | "files">): void {
    for (const { slot } of tasks) {
      this.#taskIds.named(slot);
      this.#trie.finder.renamed("task", slot);
    }
    for (const file of files) {
      this.#fileIds.namedFile(file);
      this.#trie.finder.renamed("file", file.slot);
    }
  }

  #count(columns: EventColumns, length: number): void {
    const { durationNs, gapNs, bytes, flags } = columns;
    const words = returnWords(columns);
    const calls = this.#calls(columns, columns.extra?.stack, length, (i) => endingOf(columns, words, i));
    this.#countFound(calls, length, (from, to, found, values) => {
      for (let i = from; i < to; i++) {
        const at = VALUES * found[i - from];
        values[at]++;
        if ((flags[i] & DID_NOT_RETURN) === 0) values[at + 1] += amount(durationNs[i]);
        values[at + 2] += amount(gapNs[i]);
        values[at + 3] += amount(bytes[i]);
      }
    });
  }

  #countCells(columns: CellColumns, length: number): void {
    const { calls: count, totalNs, gapNs, bytes, flags, errno } = columns;
    const calls = this.#calls(columns, undefined, length, (i) => endingWith(flags[i], errno[i]));
    this.#countFound(calls, length, (from, to, found, values) => {
      for (let i = from; i < to; i++) {
        const at = VALUES * found[i - from];
        values[at] += count[i];
        values[at + 1] += totalNs[i];
        values[at + 2] += gapNs[i];
        values[at + 3] += bytes[i];
      }
    });
  }

  /** Finds the nodes of calls, a chunk at a time, which `count` then counts: call `i` in the values of node `found[i - from]`. */
  #countFound(
    calls: StackCalls,
    length: number,
    count: (from: number, to: number, found: Int32Array, values: Float64Array) => void,
  ): void {
    const found = this.#found;
    for (let from = 0, to = 0; from < length; from = to) {
      to = this.#trie.find(calls, from, Math.min(length, from + CHUNK_CALLS), found);
      count(from, to, found, this.#trie.nodes.values);
      this.#trie.touch(found, to - from);
    }
  }

  #calls(
    { nr, task, file }: Pick<StackCalls, "nr" | "task" | "file">,
    stack: StackCalls["stack"],
    length: number,
    endingAt: (i: number) => number,
  ): StackCalls {
    const ending = this.#trie.finder.usesEnding ? new Uint8Array(length) : null;
    if (ending !== null) { for (let i = 0; i < length; i++) ending[i] = endingAt(i); }
    return { nr, task, file, stack, ending, taskIds: this.#taskIds.ids, fileIds: this.#fileIds.ids };
  }
}

/** A value as counted: at most {@linkcode MAX_VALUE}; 0 for no value and for a negative one, after a clock stepped back. */
function amount(value: number): number {
  return value > 0 ? (value < MAX_VALUE ? value : MAX_VALUE) : 0;
}

function finish<T>(work: Generator<void, T>): T {
  for (let step = work.next();; step = work.next()) if (step.done) return step.value;
}
