/** Flamegraphs as text for the terminal: one line per frame, indented under its parent. */
import type { TrieMetric } from "../../runtime/flame.ts";
import { bar } from "../text/bars.ts";
import { escapeText } from "../text/escape.ts";
import { formatCount, formatShare } from "../text/format.ts";
import { ellipsis, shortenPath } from "../text/shorten.ts";
import { createPaint } from "../text/style.ts";
import { type Column, renderTable } from "../text/table.ts";
import { type DiffWidth, diffWidths, type FlameDiff, type FlamePicture, isFlameDiff } from "./diff.ts";
import { signed } from "./frame_values.ts";
import { METRIC_WORDS } from "./metrics.ts";
import { ROOT } from "./profile_builder.ts";
import { flameTotals, flameTree } from "./profile_tree.ts";
import { type TextRow, textRows } from "./text_rows.ts";

/** How the text looks. */
export interface IcicleOptions {
  metric: TrieMetric;
  /** Columns of the terminal. */
  width: number;
  color: boolean;
  ascii?: boolean;
  /** Frames with a smaller share of the total, from 0 to 1, are omitted; default 0.01. */
  minShare?: number;
  /** Which of the two values of a difference the shares are of; default `larger`. */
  side?: DiffWidth;
}

/** Frames with less than a hundredth of the total are omitted: at most 100 per level remain. */
const MIN_SHARE = 0.01;

/** Columns of a bar: a part of the width, within these limits. */
const BAR_SHARE = 0.2;
const MIN_BAR = 10;
const MAX_BAR = 30;

/** Minimum columns of a name in long lines, and maximum indented levels: deeper ones have no room. */
const MIN_NAME_COLUMNS = 24;
const INDENTED_SHARE = 0.2;

/** A flamegraph as lines of text, none wider than the terminal. The last line reports what is omitted. */
export function renderIcicleText(picture: FlamePicture, options: IcicleOptions): string {
  const { metric, width, color, ascii = false, minShare = MIN_SHARE, side = "larger" } = options;
  const own = isFlameDiff(picture) ? diffWidths(picture, metric, side) : picture.own[metric];
  const { rows, hidden, hiddenTotal } = textRows(picture, flameTree(picture, own), minShare);
  const columns = isFlameDiff(picture)
    ? diffColumns(picture, metric, ascii)
    : valueColumns(metric, width, ascii);
  const paint = createPaint(color);
  const lines = renderTable([...columns, nameColumn(width, ascii)], rows, width, paint);
  if (hidden > 0) {
    const whole = rows[0].total;
    const frames = hidden === 1 ? "1 smaller frame" : `${formatCount(hidden)} smaller frames`;
    const share = `${formatShare(hiddenTotal, whole)} of ${METRIC_WORDS[metric].whole}`;
    lines.push(paint("quiet", `${ellipsis(ascii)} ${frames}: ${share}`));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function valueColumns(metric: TrieMetric, width: number, ascii: boolean): Column<TextRow>[] {
  const { heading, format } = METRIC_WORDS[metric];
  const barColumns = Math.round(Math.min(MAX_BAR, Math.max(MIN_BAR, width * BAR_SHARE)));
  return [
    { title: heading, align: "right", rank: 0, cell: ({ total }) => format(total, { ascii }) },
    { title: "SHARE", align: "right", rank: 1, cell: ({ share }) => formatShare(share, 1) },
    { title: "", align: "left", rank: 2, cell: ({ share }) => bar(share, barColumns, ascii) },
  ];
}

function diffColumns(diff: FlameDiff, metric: TrieMetric, ascii: boolean): Column<TextRow>[] {
  const { format } = METRIC_WORDS[metric];
  const [before, after] = [diff.before, diff.after].map((side) => flameTotals(diff, side[metric]));
  const change = ({ node }: TextRow) => after[node] - before[node];
  const side = (title: string, total: Float64Array): Column<TextRow> => ({
    title,
    align: "right",
    rank: 0,
    cell: ({ node }) => format(total[node], { ascii }),
  });
  return [side("BEFORE", before), side("AFTER", after), {
    title: "CHANGE",
    align: "right",
    rank: 0,
    cell: (row) => signed(change(row), (size) => format(size, { ascii })),
    tone: (row) => change(row) > 0 ? "bad" : change(row) < 0 ? "good" : "quiet",
  }, {
    title: "SHARE",
    align: "right",
    rank: 1,
    cell: (row) => signed(change(row), (size) => formatShare(size, Math.max(before[ROOT], after[ROOT]))),
  }];
}

function nameColumn(width: number, ascii: boolean): Column<TextRow> {
  const maxIndent = Math.floor(width * INDENTED_SHARE);
  const indent = ({ level }: TextRow) => " ".repeat(Math.min(2 * level, maxIndent));
  return {
    title: "FRAME",
    align: "left",
    rank: 0,
    cell: (row) => indent(row) + escapeText(row.name, { ascii }),
    flexible: { min: MIN_NAME_COLUMNS, shorten: (text, columns) => shortenName(text, columns, ascii) },
  };
}

/** A name that is too wide loses its middle, not its indentation. */
function shortenName(text: string, columns: number, ascii: boolean): string {
  const name = text.trimStart();
  const indent = text.slice(0, text.length - name.length);
  return indent + shortenPath(name, columns - indent.length, ascii);
}
