/** The numbers of a picture's frames, as text. */
import type { TrieMetric } from "../../runtime/flame.ts";
import { formatShare } from "../text/format.ts";
import { diffChange, type FlamePicture, isFlameDiff } from "./diff.ts";
import { METRIC_WORDS } from "./metrics.ts";
import { ROOT } from "./profile_builder.ts";
import { flameTotals } from "./profile_tree.ts";

/** Describes the nodes of a picture. */
export interface FrameValues {
  /** The exact numbers in one line: total, share of the whole and own value, or both sides and the change. */
  describe(node: number): string;
  /** The same with three digits: value and share, or the change. */
  brief(node: number): string;
  /** The change from -1 to 1 as returned by {@linkcode diffChange}, `null` when the picture is not a difference. */
  change(node: number): number | null;
}

/** Totals of a picture for one metric. */
export function frameValues(picture: FlamePicture, metric: TrieMetric): FrameValues {
  const words = METRIC_WORDS[metric];
  if (isFlameDiff(picture)) {
    const [before, after] = [picture.before, picture.after].map((side) => flameTotals(picture, side[metric]));
    const change = (node: number) => after[node] - before[node];
    return {
      describe(node) {
        const exact = signed(change(node), words.exact);
        const relative = before[node] > 0
          ? `, ${signed(change(node), (size) => formatShare(size, before[node]))}`
          : "";
        return `before ${words.exact(before[node])}, after ${words.exact(after[node])}, ` +
          `change ${exact}${relative}`;
      },
      brief: (node) => signed(change(node), words.format),
      change: (node) => diffChange(before[node], after[node], before[ROOT], after[ROOT]),
    };
  }
  const own = picture.own[metric];
  const total = flameTotals(picture, own);
  return {
    describe: (node) =>
      `${valueText(total[node])}, ${formatShare(total[node], total[ROOT])} of ${words.whole}, ` +
      `own ${words.exact(own[node])}`,
    brief: (node) => `${words.format(total[node])} ${formatShare(total[node], total[ROOT])}`,
    change: () => null,
  };

  function valueText(value: number): string {
    const short = words.format(value);
    const exact = words.exact(value);
    return value < 1000 || exact.startsWith(short) ? exact : `${short} (${exact})`;
  }
}

/** A change with its sign. `write` formats its magnitude. */
export function signed(change: number, write: (size: number) => string): string {
  const sign = change > 0 ? "+" : change < 0 ? "-" : "";
  return sign + write(Math.abs(change));
}
