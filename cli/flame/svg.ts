/**
 * Flamegraphs as SVG, for tickets and documents: every number is in a tooltip. Opened by itself it has zoom and search; a viewer
 * without scripts shows the same picture.
 */
import type { TrieMetric } from "../../runtime/flame.ts";
import { escapeText } from "../text/escape.ts";
import { shortenEnd, shortenPath } from "../text/shorten.ts";
import { textWidth } from "../text/width.ts";
import SCRIPT from "./svg_script.js" with { type: "text" };
import { type DiffWidth, diffWidths, type FlamePicture, isFlameDiff } from "./diff.ts";
import { frameName, fullFrameName, isPathPart } from "./frame_names.ts";
import { frameValues } from "./frame_values.ts";
import { changeColor, PALETTES, plainFill } from "./html/page/colors.js";
import { type CollapsedTree, collapsePaths } from "./path_chains.ts";
import { type FlameTree, flameTree } from "./profile_tree.ts";
import { diffNotes, factLines, hiddenNote, type SvgFact } from "./svg_notes.ts";
import { pixels, xmlEntities, xmlText } from "./xml.ts";

/** Options of a drawing, and the texts above it. */
export interface SvgOptions {
  metric: TrieMetric;
  /** The title above the picture. */
  title: string;
  /** Facts below the title, each a label and a text, such as command, host, time. */
  facts: readonly SvgFact[];
  /** Draws the root at the bottom. */
  inverted?: boolean;
  /** What the width of a frame in a difference counts; default `larger`. */
  width?: DiffWidth;
}

/** The page's colours: one run looks the same in both. */
const PALETTE = PALETTES.light;

/** Width of the picture, pixels: most documents show it without scaling. */
const WIDTH = 1200;
const MARGIN = 10;
const ROW_HEIGHT = 17;
const FRAME_HEIGHT = 16;
const TITLE_HEIGHT = 34;
const LINE_HEIGHT = 18;

/** Narrower frames are omitted: ten of them make a pixel. */
const MIN_FRAME_PIXELS = 0.1;

/** Gap between neighbouring frames, and the minimum width of a frame that has one. */
const FRAME_GAP = 0.5;
const MIN_GAP_PIXELS = 2;

/** Narrower frames have no text: three columns and the padding on both sides. */
const MIN_TEXT_PIXELS = 28;

/** Advance of a monospace font of 12 pixels: most have 0.6 of their size; a little more is safe. */
const COLUMN_PIXELS = 7.3;
const TEXT_MARGIN = 3;

/** Columns of the title, whose font is larger. */
const TITLE_COLUMNS = 78;

const DRAWN = WIDTH - 2 * MARGIN;

/**
 * A flamegraph as an SVG document, 1200 pixels wide. A line at the bottom reports what is too narrow to draw.
 */
export function renderFlameSvg(picture: FlamePicture, options: SvgOptions): string {
  const { metric, title, facts, inverted = false, width = "larger" } = options;
  const own = isFlameDiff(picture) ? diffWidths(picture, metric, width) : picture.own[metric];
  const tree = collapsePaths(picture, flameTree(picture, own));
  const rows = visibleRows(tree);
  const levels = rows.drawn.reduce((most, row) => Math.max(most, tree.depth[row]), 0) + 1;
  const factTexts = factLines(facts);
  const top = TITLE_HEIGHT + LINE_HEIGHT * factTexts.length;
  const notes = [
    ...diffNotes(picture, width),
    hiddenNote({ ...rows, drawn: rows.drawn.length, whole: tree.total[0] }, metric),
  ];
  const height = top + ROW_HEIGHT * levels + LINE_HEIGHT * notes.length + MARGIN;
  const y = (row: number) => top + ROW_HEIGHT * (inverted ? levels - 1 - tree.depth[row] : tree.depth[row]);
  const frame = frameRenderer(picture, tree, metric, y);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"` +
    ` data-look="${xmlText(JSON.stringify(LOOK))}"` +
    ` font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="12">`,
    `<title>${xmlText(title)}</title>`,
    STYLE,
    `<rect class="paper" width="100%" height="100%" fill="#fffdf8"/>`,
    line(24, shortenEnd(escapeText(title), TITLE_COLUMNS), ` font-size="17" font-weight="bold"`),
    ...CONTROLS,
    ...factTexts.map((fact, i) => line(TITLE_HEIGHT + LINE_HEIGHT * (i + 0.5), fact)),
    ...rows.drawn.map(frame),
    ...notes.map((note, i) => line(top + ROW_HEIGHT * levels + LINE_HEIGHT * (i + 0.9), note)),
    // After all the elements that it looks up.
    `<script><![CDATA[\n${SCRIPT}]]></script>`,
    "</svg>\n",
  ].join("\n");
}

/** The dimensions by which the script places frames and texts. */
const LOOK = [MARGIN, DRAWN, COLUMN_PIXELS, TEXT_MARGIN, MIN_GAP_PIXELS, FRAME_GAP];

/** The elements that the script shows when it runs. */
const CONTROLS = [["reset", 830, "Reset zoom"], ["search", 960, "Search"], ["found", 1190, ""]].map(
  ([id, x, text]) =>
    `<text id="${id}" class="line control" x="${x}" y="24" fill="#333"${
      id === "found" ? ' text-anchor="end"' : ' display="none"'
    }>${text}</text>`,
);

/** The background follows the viewer's dark theme; frames are light, so their text stays dark. */
const STYLE =
  "<style>@media (prefers-color-scheme: dark) { .paper { fill: #1d1b19 } .line { fill: #ece7df } } " +
  "g:hover > rect { stroke: #000; stroke-width: 1 } .control { cursor: pointer } " +
  `.found > rect { fill: ${PALETTE.found} } .found text { fill: ${PALETTE.foundText} }</style>`;

/** The rows that are drawn, and what is omitted: the number of frames, and the total of the outermost of them. */
interface VisibleRows {
  drawn: number[];
  hidden: number;
  hiddenTotal: number;
}

function visibleRows(tree: FlameTree): VisibleRows {
  const least = tree.total[0] * MIN_FRAME_PIXELS / DRAWN;
  const rows: VisibleRows = { drawn: [], hidden: 0, hiddenTotal: 0 };
  for (let row = 0; row < tree.length;) {
    if (row === 0 || tree.total[row] >= least) {
      rows.drawn.push(row++);
    } else {
      rows.hidden += tree.end[row] - row;
      rows.hiddenTotal += tree.total[row];
      row = tree.end[row];
    }
  }
  return rows;
}

function frameRenderer(
  picture: FlamePicture,
  tree: CollapsedTree,
  metric: TrieMetric,
  y: (row: number) => number,
): (row: number) => string {
  const values = frameValues(picture, metric);
  const plain = plainFill(PALETTE, picture.fields);
  const scale = tree.total[0] > 0 ? DRAWN / tree.total[0] : 0;
  return (row) => {
    const node = tree.node[row];
    const width = row === 0 ? DRAWN : tree.total[row] * scale;
    const x = MARGIN + tree.start[row] * scale;
    const gap = width > MIN_GAP_PIXELS ? FRAME_GAP : 0;
    const name = tree.name[row];
    const change = values.change(node);
    const color = change !== null
      ? changeColor(PALETTE, change)
      : row === 0
      ? PALETTE.root
      : plain(picture.field[node], frameName(picture, node));
    const tooltip = `${fullFrameName(picture, node)}: ${values.describe(node)}`;
    const path = isPathPart(picture, node) ? ` data-path="${xmlText(fullFrameName(picture, node))}"` : "";
    const shorten = name === frameName(picture, node) ? shortenEnd : shortenPath;
    return `<g data-name="${xmlText(name)}" data-level="${tree.depth[row]}" data-width="${
      pixels(width)
    }"${path}><title>${xmlText(tooltip)}</title>` +
      `<rect ${place(x, y(row), width - gap)} rx="1.5" fill="${color}"/>` +
      `${frameText(name, shorten, values.brief(node), x, y(row), width)}</g>`;
  };
}

/** The name as far as it fits, followed by the value if there is room. The inner `svg` clips fonts that are wider. */
function frameText(
  name: string,
  shorten: typeof shortenEnd,
  value: string,
  x: number,
  y: number,
  width: number,
): string {
  if (width < MIN_TEXT_PIXELS) return "";
  const columns = Math.floor((width - 2 * TEXT_MARGIN) / COLUMN_PIXELS);
  const text = shorten(escapeText(name), columns);
  const fits = textWidth(text) + 2 + textWidth(value) <= columns;
  const shown = fits ? `<tspan dx="10" fill-opacity="0.7">${xmlEntities(value)}</tspan>` : "";
  return `<svg ${place(x, y, width)} pointer-events="none">` +
    `<text x="${TEXT_MARGIN}" y="12" fill="#1a1a1a">${xmlEntities(text)}${shown}</text></svg>`;
}

/** Attributes of a frame's position. */
function place(x: number, y: number, width: number): string {
  return `x="${pixels(x)}" y="${y}" width="${pixels(width)}" height="${FRAME_HEIGHT}"`;
}

/** A line across the picture, already escaped and cut. */
function line(y: number, text: string, attributes = ""): string {
  return `<text class="line" x="${MARGIN}" y="${pixels(y)}" fill="#333"${attributes}>${
    xmlEntities(text)
  }</text>`;
}
