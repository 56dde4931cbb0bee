/** Counts stacks the plain way, with nested maps of rows: what the trie is held against. */
import assert from "node:assert/strict";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { type EventBatch, EventFlag } from "../../../runtime/event_batch.ts";
import {
  type FlameProfile,
  OTHER_FRAME,
  TRIE_METRICS,
  type TrieField,
  type TrieMetric,
} from "../../../runtime/flame.ts";
import type { StreamRow } from "../../../runtime/row.ts";

/** A value for each metric. */
export type Values = Record<TrieMetric, number>;

/** A node with its own values and those of all below it; children by `field:name`. */
export interface PlainNode {
  own: Values;
  total: Values;
  children: Map<string, PlainNode>;
}

/** A node without anything. */
export function plainNode(): PlainNode {
  return {
    own: { count: 0, duration: 0, gap: 0, bytes: 0 },
    total: { count: 0, duration: 0, gap: 0, bytes: 0 },
    children: new Map(),
  };
}

/** The trie of rows. */
export class PlainTrie {
  root = plainNode();
  fields: TrieField[];
  readonly #rows = new RowBuilder("x86_64");

  constructor(fields: TrieField[]) {
    this.fields = fields;
  }

  /** Starts again, with the names there are. */
  reset(fields = this.fields): void {
    this.fields = fields;
    this.root = plainNode();
  }

  /** Takes a batch. */
  add(batch: EventBatch): void {
    this.#rows.apply(batch);
    for (let i = 0; i < batch.length; i++) this.#addRow(this.#rows.row(i), batch.columns.flags[i]);
  }

  #addRow(row: StreamRow, flags: number): void {
    const values = {
      count: 1,
      duration: row.ret === null ? 0 : row.latencyNs ?? 0,
      gap: row.gapNs ?? 0,
      bytes: row.bytes ?? 0,
    };
    const stack = this.fields.flatMap((field, i) =>
      framesOf(row, flags, field).map((name) => `${i}:${name}`)
    );
    let node = this.root;
    addValues(node.total, values);
    for (const key of stack) {
      let child = node.children.get(key);
      if (child === undefined) node.children.set(key, child = plainNode());
      node = child;
      addValues(node.total, values);
    }
    addValues(node.own, values);
  }
}

/** A profile as nested maps, checked on the way: a node is behind its parent, no two are the same, names are there once. */
export function plainOf(profile: FlameProfile): PlainNode {
  const { length, parent, field, name, names, own } = profile;
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual([parent[0], field[0], names[name[0]]], [0, 0, ""]);
  const nodes = Array.from({ length }, plainNode);
  for (let i = 0; i < length; i++) {
    for (const metric of TRIE_METRICS) nodes[i].own[metric] = own[metric][i];
    if (i === 0) continue;
    assert.ok(parent[i] < i);
    const { children } = nodes[parent[i]];
    const key = `${field[i]}:${names[name[i]]}`;
    assert.ok(!children.has(key), `There are two of ${key}`);
    children.set(key, nodes[i]);
  }
  for (let i = length - 1; i >= 0; i--) {
    addValues(nodes[i].total, nodes[i].own);
    if (i > 0) addValues(nodes[parent[i]].total, nodes[i].total);
  }
  return nodes[0];
}

/** Asserts that a trie is what rows say but for what it has folded: nowhere are totals or own values off. */
export function assertFolded(found: PlainNode, wanted: PlainNode): void {
  assert.deepEqual([found.own, found.total], [wanted.own, wanted.total]);
  const folds = [...found.children.keys()].some((key) => key.endsWith(`:${OTHER_FRAME}`));
  if (!folds) assert.deepEqual(new Set(found.children.keys()), new Set(wanted.children.keys()));
  for (const [key, child] of found.children) {
    if (key.endsWith(`:${OTHER_FRAME}`)) assert.equal(child.children.size, 0);
    else if (folds) assertPart(child, wanted.children.get(key));
    else assertFolded(child, wanted.children.get(key)!);
  }
}

/** Asserts that a node that may have been folded before has no more than the rows say. */
function assertPart(found: PlainNode, wanted: PlainNode | undefined): void {
  assert.ok(wanted !== undefined);
  for (const metric of TRIE_METRICS) assert.ok(found.total[metric] <= wanted.total[metric]);
  for (const [key, child] of found.children) {
    if (!key.endsWith(`:${OTHER_FRAME}`)) assertPart(child, wanted.children.get(key));
  }
}

function framesOf(row: StreamRow, flags: number, field: TrieField): string[] {
  switch (field) {
    case "path":
      return row.path === null ? [] : plainPath(row.path);
    case "stack":
      return row.stack?.split(";") ?? [];
    case "flags":
      return [plainFlags(row, flags)];
    default:
      return [String(row[field])];
  }
}

function plainPath(path: string): string[] {
  if (path === "/" || /^[\w-]+:\[/.test(path) || path.startsWith("/memfd:")) return [path];
  return [...path.matchAll(/^\/?[^/]+|[^/]+/g)].map(([part]) => part);
}

function plainFlags(row: StreamRow, flags: number): string {
  const words = [];
  if (row.failed) words.push("failed");
  if (flags & EventFlag.KILLED) words.push("killed");
  if (flags & EventFlag.NO_RETURN) words.push("no_return");
  if (words.length === 0) words.push("ok");
  if (row.restarts > 0) words.push("restarted");
  if (flags & EventFlag.PATH_FAULT) words.push("path_fault");
  if (flags & EventFlag.PATH_TRUNCATED) words.push("path_truncated");
  return words.join(",");
}

function addValues(to: Values, values: Values): void {
  for (const metric of TRIE_METRICS) to[metric] += values[metric];
}
