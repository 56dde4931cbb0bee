/** Flamegraphs as folded stacks: one line per stack, the format of `flamegraph.pl`, `inferno` and speedscope. */
import type { TrieMetric } from "../../runtime/flame.ts";
import { type FlamePicture, isFlameDiff } from "./diff.ts";
import { escapeFrame, NO_FRAME } from "./folded_frame.ts";
import { type FlameShape, ROOT } from "./profile_builder.ts";

/**
 * The stacks that have a value, in the order of their text, each with its frames joined by `;` and its value in the unit of
 * the metric; a difference has two values, before and after. There are no comment lines, because readers do not support them.
 */
export function renderFolded(picture: FlamePicture, metric: TrieMetric): string {
  const columns = isFlameDiff(picture)
    ? [picture.before[metric], picture.after[metric]]
    : [picture.own[metric]];
  const lines = new Map<string, number[]>();
  for (const [node, stack] of stacks(picture, columns)) {
    const values = columns.map((column) => column[node]);
    // Frames of different fields may have the same name.
    const same = lines.get(stack);
    lines.set(stack, same === undefined ? values : values.map((value, i) => value + same[i]));
  }
  return [...lines].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
    .map(([stack, values]) => `${stack} ${values.join(" ")}\n`).join("");
}

/** Nodes that have a value in one of the columns, and the text of their stack. */
function* stacks(
  { length, parent, name, names }: FlameShape,
  columns: readonly Float64Array[],
): Generator<[node: number, stack: string]> {
  const frames = names.map(escapeFrame);
  const texts: string[] = [];
  for (let node = ROOT; node < length; node++) {
    const frame = frames[name[node]];
    texts.push(node === ROOT ? "" : parent[node] === ROOT ? frame : `${texts[parent[node]]};${frame}`);
    if (columns.some((column) => column[node] > 0)) yield [node, node === ROOT ? NO_FRAME : texts[node]];
  }
}
