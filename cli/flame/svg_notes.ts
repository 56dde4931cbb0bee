/** The lines above and below an SVG flamegraph. */
import type { TrieMetric } from "../../runtime/flame.ts";
import { escapeText } from "../text/escape.ts";
import { formatCount, formatShare } from "../text/format.ts";
import { shortenEnd } from "../text/shorten.ts";
import { textWidth } from "../text/width.ts";
import { type DiffWidth, type FlamePicture, isFlameDiff } from "./diff.ts";
import { METRIC_WORDS } from "./metrics.ts";

/** A label and its text. */
export interface SvgFact {
  label: string;
  text: string;
}

/** Columns of a 12-pixel monospace font across the picture. */
const LINE_COLUMNS = 160;

const FACT_GAP = " · ";

/** As many facts per line as fit, escaped. A fact that is too long is cut. */
export function factLines(facts: readonly SvgFact[]): string[] {
  const lines: string[] = [];
  for (const { label, text } of facts) {
    const fact = shortenEnd(escapeText(`${label} ${text}`), LINE_COLUMNS);
    const longer = lines.length === 0 ? fact : lines[lines.length - 1] + FACT_GAP + fact;
    if (lines.length > 0 && textWidth(longer) <= LINE_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(fact);
  }
  return lines;
}

/** How much of a picture is drawn. */
export interface DrawnFrames {
  /** Frames drawn, including the root, and frames that are too narrow. */
  drawn: number;
  hidden: number;
  /** Total of the frames that are too narrow, and of all frames. */
  hiddenTotal: number;
  whole: number;
}

/** One line that reports what the picture omits. */
export function hiddenNote({ drawn, hidden, hiddenTotal, whole }: DrawnFrames, metric: TrieMetric): string {
  if (hidden === 0) {
    return drawn === 1 ? "There are no frames" : `All frames are drawn: ${formatCount(drawn - 1)}`;
  }
  const frames = hidden === 1 ? "1 frame is" : `${formatCount(hidden)} frames are`;
  const share = `${formatShare(hiddenTotal, whole)} of ${METRIC_WORDS[metric].whole}`;
  return `${frames} too narrow to be drawn: ${share}`;
}

const WIDTH_NOTES: Readonly<Record<DiffWidth, string>> = {
  larger: "of each stack the larger of before and after",
  before: "before, so what is new has none",
  after: "after, so what went away has none",
};

/** One line that explains the colours and widths of a difference; none for other pictures. */
export function diffNotes(picture: FlamePicture, width: DiffWidth): string[] {
  return isFlameDiff(picture) ? [`Red grew, blue shrank, grey stayed. Width: ${WIDTH_NOTES[width]}`] : [];
}
