/** The flamegraph as lines of text: a frame is indented under the one that it is in. */
import { TRIE_METRICS, type TrieField, type TrieMetric, type TrieNode } from "../../../runtime/flame.ts";
import { METRIC_WORDS } from "../../flame/metrics.ts";
import { escapeText } from "../../text/escape.ts";
import { formatShare } from "../../text/format.ts";
import { shortenPath } from "../../text/shorten.ts";
import { padText } from "../../text/width.ts";
import { bar } from "../../text/bars.ts";
import { type Content, selectedIndex } from "../content.ts";
import { cutLine, type Line, span } from "../line.ts";
import { type Model, shown, step, withList } from "../model.ts";
import type { View } from "./view.ts";

/** Orders of frames, from the root outwards. */
export const FRAME_ORDERS: readonly (readonly TrieField[])[] = [
  ["comm", "syscall", "path"],
  ["syscall", "comm", "path"],
  ["comm", "path", "syscall"],
  ["path", "syscall"],
  ["comm", "pid", "tid", "syscall"],
];

/** The same with the functions that make the calls. */
const STACK_ORDERS: readonly (readonly TrieField[])[] = [["comm", "stack", "syscall", "path"], [
  "stack",
  "comm",
  "syscall",
]];

/** Frames with a smaller share of the first one are left out. */
const MIN_SHARE = 0.001;

/** More lines than anybody reads. */
const MAX_LINES = 5000;

/** Columns of a value and of a share, and of the bar, which is a part of the width. */
const VALUE = 12;
const SHARE = 6;
const BAR_SHARE = 0.15;

/** Columns of indentation of each level, and the part of the width that they may take. */
const INDENT = 2;
const MAX_INDENT_SHARE = 0.3;

/** Joins the names of frames to the name of a row; no name has it. */
const SEPARATOR = "\0";

/** A frame, or a chain of directories. */
interface FrameRow {
  /** Names from the root to it. */
  path: readonly string[];
  name: string;
  level: number;
  total: number;
}

/** Where calls, time or bytes went. */
export const FLAME_VIEW: View = {
  id: "flame",
  title: "Flame",
  about: [
    "Frames with everything that is in them, largest first. A change of the metric or of the order begins a new baseline.",
    `Frames below ${MIN_SHARE * 100}% of the first one are left out.`,
  ],
  keys: [
    ["enter", "zoom in"],
    ["backspace", "zoom out"],
    ["b", "calls, time, gaps or bytes"],
    ["o", "order of the frames"],
  ],
  lines(model, { width }) {
    const { trie } = shown(model);
    if (trie === null) return [];
    const order = trie.fields.join(model.ascii ? " > " : " › ");
    const zoom = model.zoom.length === 0 ? "" : `  zoomed: ${escapeText(zoomText(model.zoom), model)}`;
    return [
      cutLine(
        [span(METRIC_WORDS[trie.metric].title, "heading"), span(`  by ${order}`), span(zoom, "good")],
        width,
      ),
    ];
  },
  content: (model) => contentOf(model, rowsOf(model)),
  press(model, key) {
    const { trie } = shown(model);
    if (trie === null) return null;
    switch (key) {
      case "enter": {
        const rows = rowsOf(model);
        const row = rows[selectedIndex(contentOf(model, rows), model.lists.flame)];
        return row === undefined ? step(model) : step(zoomed(model, row.path));
      }
      case "backspace":
      case "escape":
      case "u":
        return model.zoom.length === 0 ? null : step(zoomed(model, model.zoom.slice(0, -1)));
      case "b":
        return step(zoomed(model, []), { kind: "set-metric", metric: nextMetric(trie.metric) });
      case "o":
        return step(zoomed(model, []), { kind: "set-frames", fields: nextOrder(model, trie.fields) });
    }
    return null;
  },
};

function zoomed(model: Model, zoom: readonly string[]): Model {
  return withList({ ...model, zoom }, "flame", { selected: null, index: 0, top: 0 });
}

function nextMetric(metric: TrieMetric): TrieMetric {
  return TRIE_METRICS[(TRIE_METRICS.indexOf(metric) + 1) % TRIE_METRICS.length];
}

function nextOrder({ hasStacks }: Model, fields: readonly TrieField[]): readonly TrieField[] {
  const orders = hasStacks ? [...STACK_ORDERS, ...FRAME_ORDERS] : FRAME_ORDERS;
  const at = orders.findIndex((order) => order.join() === fields.join());
  return orders[(at + 1) % orders.length];
}

function zoomText(zoom: readonly string[]): string {
  return zoom.join(" / ").replaceAll("/ /", "/");
}

/** The frames on the screen, and those that can be scrolled to. */
function rowsOf(model: Model): FrameRow[] {
  const { trie } = shown(model);
  if (trie === null) return [];
  const [node, path] = nodeAt(trie.root, model.zoom);
  const isInPath = inPath(trie.fields);
  const rows: FrameRow[] = [];
  const waiting: { node: TrieNode; path: readonly string[]; level: number }[] = [{ node, path, level: 0 }];
  while (waiting.length > 0 && rows.length < MAX_LINES) {
    const { level, ...frame } = waiting.pop()!;
    const { last, names } = chainOf(frame.node, frame.path, isInPath);
    rows.push({ path: names, name: frameName(frame.path, names), level, total: last.t });
    const parts = (last.c ?? []).filter(({ t }) => t > 0 && t >= node.t * MIN_SHARE)
      .toSorted((a, b) => a.t - b.t || (a.n < b.n ? 1 : -1)); // the largest is taken first
    for (const part of parts) waiting.push({ node: part, path: [...names, part.n], level: level + 1 });
  }
  return rows;
}

/** The node of a path, as far as there is one: a new baseline may not have it yet. */
function nodeAt(root: TrieNode, path: readonly string[]): [TrieNode, readonly string[]] {
  let node = root;
  for (const [depth, name] of path.entries()) {
    const next = node.c?.find(({ n }) => n === name);
    if (next === undefined) return [node, path.slice(0, depth)];
    node = next;
  }
  return [node, path];
}

/**
 * Whether the frame of these names is a part of a path: only where paths come last is every frame from there on one. Behind
 * a stack, which has any number of frames, that begins with the slash of an absolute path.
 */
function inPath(fields: readonly TrieField[]): (names: readonly string[]) => boolean {
  if (fields.at(-1) !== "path") return () => false;
  return fields.includes("stack")
    ? (names) => names.some((name, i) => i > 0 && name.startsWith("/"))
    : (names) => names.length >= fields.length;
}

/** Follows directories that have nothing but one part. */
function chainOf(
  node: TrieNode,
  path: readonly string[],
  isInPath: (names: readonly string[]) => boolean,
): { last: TrieNode; names: readonly string[] } {
  let [last, names] = [node, path];
  while (isInPath(names) && last.c?.length === 1 && last.v === 0) {
    last = last.c[0];
    names = [...names, last.n];
  }
  return { last, names };
}

function frameName(first: readonly string[], names: readonly string[]): string {
  if (names.length === 0) return "all";
  const parts = names.slice(Math.max(0, first.length - 1));
  return parts.reduce((path, name) => path.endsWith("/") ? path + name : `${path}/${name}`);
}

function contentOf(model: Model, rows: readonly FrameRow[]): Content {
  const { ascii } = model;
  const { trie } = shown(model);
  const whole = rows[0]?.total ?? 0;
  const words = METRIC_WORDS[trie?.metric ?? "count"];
  const barColumns = (width: number) => Math.max(4, Math.round(width * BAR_SHARE));
  return {
    length: whole > 0 ? rows.length : 0,
    id: (index) => rows[index].path.join(SEPARATOR),
    text: (index) => rows[index].name,
    heading: (width) => [
      span(
        `${padText(words.heading, VALUE, "right")} ${padText("SHARE", SHARE, "right")} ` +
          `${" ".repeat(barColumns(width))} FRAME`,
        "heading",
      ),
    ],
    line(index, width): Line {
      const { name, level, total } = rows[index];
      const value = padText(words.format(total, { ascii }), VALUE, "right");
      const share = padText(formatShare(total, whole), SHARE, "right");
      const drawn = padText(bar(total / whole, barColumns(width), ascii), barColumns(width), "left");
      const indent = " ".repeat(Math.min(level * INDENT, Math.floor(width * MAX_INDENT_SHARE)));
      const room = Math.max(1, width - VALUE - SHARE - barColumns(width) - 3 - indent.length);
      const text = shortenPath(escapeText(name === "" ? "(blank)" : name, { ascii }), room, ascii);
      return cutLine([span(`${value} ${share} `), span(drawn, "good"), span(` ${indent}${text}`)], width);
    },
    empty: trie === null ? "No flamegraph yet" : "No calls yet",
  };
}
