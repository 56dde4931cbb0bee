/** The difference of two flamegraphs. */
import { IorError } from "../../runtime/errors.ts";
import { type FlameProfile, TRIE_METRICS, type TrieMetric } from "../../runtime/flame.ts";
import { emptyValues, type FlameShape, ProfileBuilder, ROOT } from "./profile_builder.ts";

/** The frames of two flamegraphs, each with its own value in both, 0 where it is missing. */
export interface FlameDiff extends FlameShape {
  before: Record<TrieMetric, Float64Array>;
  after: Record<TrieMetric, Float64Array>;
}

/** A flamegraph, or the difference of two. */
export type FlamePicture = FlameProfile | FlameDiff;

/**
 * The width of a frame in a difference. `larger`: the larger value of each stack, so that stacks of only one side are
 * visible; `before` and `after`: the value in that flamegraph, 0 for a stack that it lacks.
 */
export const DIFF_WIDTHS = ["larger", "before", "after"] as const;

/** One of {@linkcode DIFF_WIDTHS}. */
export type DiffWidth = typeof DIFF_WIDTHS[number];

/** True for the difference of two flamegraphs. */
export function isFlameDiff(picture: FlamePicture): picture is FlameDiff {
  return "before" in picture;
}

/**
 * The difference of two flamegraphs. Throws an {@linkcode IorError} of code `usage` unless their frames are made of the
 * same fields in the same order: otherwise they have no stacks in common.
 */
export function diffProfiles(before: FlameProfile, after: FlameProfile): FlameDiff {
  if (before.fields.join() !== after.fields.join()) {
    const found = [before, after].map(fieldsText);
    throw new IorError(
      "usage",
      `Cannot compare the flamegraphs: the first has frames of ${found[0]}, the second of ${found[1]}, ` +
        "they must be the same",
      { hint: "Make both with the same --fields, in the same format" },
    );
  }
  const builder = new ProfileBuilder(before.fields);
  const nodes = [before, after].map((profile) => insertAll(builder, profile));
  const shape = builder.shape();
  const [beforeValues, afterValues] = [before, after].map((profile, side) => {
    const values = emptyValues(shape.length);
    for (const metric of TRIE_METRICS) {
      const own = profile.own[metric];
      for (let i = 0; i < profile.length; i++) values[metric][nodes[side][i]] += own[i];
    }
    return values;
  });
  return { ...shape, before: beforeValues, after: afterValues };
}

/** Own values of the larger side of each stack, or of one side: the basis of a difference's widths. */
export function diffWidths({ before, after }: FlameDiff, metric: TrieMetric, width: DiffWidth): Float64Array {
  if (width !== "larger") return { before, after }[width][metric];
  return before[metric].map((value, i) => Math.max(value, after[metric][i]));
}

/**
 * How much a frame changed, from -1 to 1: the change of its total relative to the larger total of the two roots. A
 * positive value is growth.
 */
export function diffChange(before: number, after: number, rootBefore: number, rootAfter: number): number {
  const whole = Math.max(rootBefore, rootAfter);
  return whole > 0 ? (after - before) / whole : 0;
}

/** Adds all nodes of a profile to `builder` and returns their new indexes. */
function insertAll(
  builder: ProfileBuilder,
  { length, parent, field, name, names }: FlameProfile,
): Int32Array {
  const nodes = new Int32Array(length);
  nodes[ROOT] = ROOT;
  for (let i = 1; i < length; i++) nodes[i] = builder.node(nodes[parent[i]], field[i], names[name[i]]);
  return nodes;
}

function fieldsText({ fields }: FlameProfile): string {
  return fields.length === 0 ? "an unknown sort" : fields.join(",");
}
