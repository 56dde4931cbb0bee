/** The frame: state and size in, lines out. A frame never exceeds the size. */
import { FIELDS } from "../../runtime/expression/mod.ts";
import { escapeMessage, escapeText } from "../text/escape.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";
import { textWidth } from "../text/width.ts";
import { listLines } from "./content.ts";
import { filterTexts } from "./filters.ts";
import { globalKeys } from "./global_keys.ts";
import { bodyOf, FOOT_ROWS, hasRoom, HEAD_ROWS, isCovered, MIN_COLUMNS, MIN_ROWS, tabs } from "./layout.ts";
import { cutLine, type Line, lineWidth, sidesLine, type Span, span, textLine } from "./line.ts";
import { type Asks, type Model, type Overlay, shown, viewKey } from "./model.ts";
import { overlayKeys } from "./overlays/overlays.ts";
import type { KeyHelp } from "./views/view.ts";
import { VIEWS } from "./views/views.ts";

/** A frame, and where the cursor is while something is typed. */
export interface Frame {
  /** As many as the terminal has, none wider than it. */
  lines: Line[];
  cursor: { column: number; row: number } | null;
}

/** Keys of every view that come before those of the view: how to leave and how to learn more. */
const FIRST_KEYS = 2;

/** Width from which warnings are a word and not a sign. */
const WIDE_COLUMNS = 60;

const QUESTIONS: Readonly<Record<Asks, string>> = {
  filter: "filter: ",
  search: "search: ",
  recording: "record to: ",
  moment: "go to: ",
  ring: "ring size: ",
  save: "save as: ",
};

/** The frame of a state. */
export function renderFrame(model: Model): Frame {
  const { columns, rows, overlay } = model;
  if (!hasRoom(model)) return { lines: tooSmall(model), cursor: null };
  const body = bodyLines(model);
  const height = rows - HEAD_ROWS - FOOT_ROWS;
  const typed = overlay?.kind === "prompt" ? promptLine(overlay, columns, model.ascii) : null;
  const lines = [
    tabLine(model),
    sumLine(model),
    ...body.slice(0, height),
    ...Array.from({ length: Math.max(0, height - body.length) }, (): Line => []),
    overlay?.kind === "prompt" ? promptStatus(overlay, model.ascii) : statusLine(model),
    typed?.line ?? keyLine(model),
  ].map((line) => cutLine(line, columns));
  return { lines, cursor: typed === null ? null : { column: typed.cursor, row: rows - 1 } };
}

/** The lines of the view or the dialog, the selected row marked or not. */
export function bodyLines(model: Model, marksSelected = true): Line[] {
  const { lines, content, listHeight } = bodyOf(model);
  if (content === null) return lines;
  const { overlay } = model;
  const list = overlay !== null && "list" in overlay ? overlay.list : model.lists[model.view];
  const height = listHeight + (content.heading(model.columns) === null ? 0 : 1);
  return [
    ...lines,
    ...listLines(content, list, { width: model.columns, height, ascii: model.ascii, marksSelected }),
  ];
}

function tooSmall({ columns, rows }: Model): Line[] {
  const text = `Too small: ${columns}x${rows}, at least ${MIN_COLUMNS}x${MIN_ROWS}`;
  return Array.from({ length: rows }, (_, row) => row === 0 ? cutLine(textLine(text), columns) : []);
}

function tabLine(model: Model): Line {
  const { view } = model;
  const left = tabs(model).map(({ text, view: id }) => span(text, id === view ? "tab" : "plain"));
  return sidesLine(left, stateLine(model), model.columns);
}

/** Whether it stands still, and the moment; of a recording its length and its speed too. */
function stateLine({ data: { elapsedNs, hasEnded }, frozen, playing, ascii }: Model): Line {
  const time = (ns: number) => formatDuration(ns, { ascii });
  if (playing !== null) {
    const { isPlaying, speed, startNs, endNs } = playing;
    const isOver = !isPlaying && elapsedNs >= endNs;
    return [
      isPlaying
        ? span(`${ascii ? ">" : "▶"} ${speedText(speed)} `, "good")
        : span(isOver ? "end " : "PAUSED ", "bad"),
      span(`${time(elapsedNs - startNs)} of ${time(endNs - startNs)}`),
    ];
  }
  const state = frozen !== null ? span("PAUSED ", "bad") : span(hasEnded ? "ended " : "", "quiet");
  return [state, span(time(elapsedNs))];
}

function speedText(speed: number): string {
  return speed >= 1 ? `${speed}x` : `1/${Math.round(1 / speed)}x`;
}

/** The rates of all calls, and what is missing in the tables, as texts. */
export function sumTexts(model: Model): string[] {
  const interval = shown(model).history.at(-1);
  const rate = (value: number | undefined) =>
    interval && interval.seconds > 0 ? (value ?? 0) / interval.seconds : 0;
  return [
    formatDuration(model.data.elapsedNs, model),
    `${formatCount(rate(interval?.calls))} calls/s`,
    `read ${formatBytes(rate(interval?.readBytes))}/s`,
    `written ${formatBytes(rate(interval?.writeBytes))}/s`,
    `errors ${formatCount(rate(interval?.errors))}/s`,
    missingText(model).text,
  ].filter((text) => text !== "");
}

/** The same as a line, as far as it fits. */
function sumLine(model: Model): Line {
  const missing = missingText(model);
  const texts = sumTexts(model).slice(1).filter((text) => text !== missing.text);
  let left = texts[0];
  for (const text of texts.slice(1)) {
    if (textWidth(`${left}  ${text}`) + textWidth(missing.text) + 2 < model.columns) left += `  ${text}`;
  }
  return sidesLine([span(` ${left}`, "quiet")], [missing], model.columns);
}

/** What is missing in the tables. */
function missingText(model: Model): Span {
  const loss = lossText(model);
  const { untracedRequests: count } = model.data;
  if (count === 0) return loss;
  const requests = `${formatCount(count)} io_uring ${count === 1 ? "request" : "requests"} not traced`;
  return span([requests, loss.text].filter((text) => text !== "").join(", "), "bad");
}

function lossText({ data: { loss, now } }: Model): Span {
  if (loss.state === "none") {
    if (loss.unnamed === undefined) return span("none lost", "quiet");
    return span(`none lost, ${formatCount(loss.unnamed)} on [unknown]`, "bad");
  }
  if (loss.state === "some") return span(`${formatCount(loss.calls)} LOST`, "bad");
  return span(now === null ? "" : "loss unknown", "bad");
}

/** The conditions, and what is going on beside the view. */
function statusLine(model: Model): Line {
  const { filters, ascii } = model;
  const texts = filterTexts(filters).map((text) => escapeMessage(text, { ascii }));
  const joined = texts.join(ascii ? " > " : " › ");
  const left: Line = texts.length === 0
    ? [span(model.playing === null ? " all selected calls" : " all recorded calls", "quiet")]
    : [span(" only ", "quiet"), span(joined, "good")];
  return sidesLine(left, stateSpans(model), model.columns);
}

/** Warnings, with the number of the view that has them, and the recording. */
function stateSpans({ data: { recording, warnings }, columns }: Model): Line {
  const view = viewKey("stream");
  const words = columns < WIDE_COLUMNS ? "!" : warnings === 1 ? " warning" : " warnings";
  const badge = warnings === 0 ? [] : [span(`${formatCount(warnings)}${words} (${view})`, "bad")];
  if (recording === null) return badge;
  const failed = recording.lastError !== null;
  const state = failed ? "recording failed" : `recording ${formatCount(recording.rows)} rows`;
  return [...badge, span(badge.length === 0 ? "" : "  "), span(state, failed ? "bad" : "good")];
}

function promptStatus({ asks, prompt }: Extract<Overlay, { kind: "prompt" }>, ascii: boolean): Line {
  if (prompt.error !== null) return [span(` ${escapeMessage(prompt.error, { ascii })}`, "bad")];
  if (asks === "filter") {
    return [span(` empty for none; fields: ${Object.keys(FIELDS).join(" ")}`, "quiet")];
  }
  if (asks === "moment") return [span(" 12s since the beginning, +5s or -1m from here, or 50%", "quiet")];
  if (asks === "ring") return [span(" a power of two, such as 64M; the trace is started again", "quiet")];
  if (asks === "search") {
    return [span(" a part of a name, a pattern with *, or a regular expression: /^lib.*so$/", "quiet")];
  }
  if (asks === "save") {
    return [span(" .txt this view; .json a report; .csv rows; .html .svg .folded a flamegraph", "quiet")];
  }
  return [span(" .parquet: one file; a name that ends in /: a directory of segments", "quiet")];
}

/** What is typed, scrolled so that the cursor is in sight. */
function promptLine(
  { asks, prompt }: Extract<Overlay, { kind: "prompt" }>,
  columns: number,
  ascii: boolean,
): { line: Line; cursor: number } {
  const question = QUESTIONS[asks];
  const room = columns - question.length - 1;
  const before = escapeText(prompt.text.slice(0, prompt.cursor).join(""), { ascii });
  const after = escapeText(prompt.text.slice(prompt.cursor).join(""), { ascii });
  let start = [...before];
  while (textWidth(start.join("")) > room) start = start.slice(1);
  const text = start.join("");
  const line = cutLine([span(question, "heading"), span(text + after)], columns);
  return { line, cursor: question.length + textWidth(text) };
}

function keyLine(model: Model): Line {
  const { notice } = model;
  if (notice !== null) return [span(` ${escapeMessage(notice.text, model)}`, notice.style)];
  const rows = isCovered(model) ? null : VIEWS[model.view].content(model);
  const always = globalKeys(model).flatMap(({ keys: [key], word }): KeyHelp[] =>
    word === undefined ? [] : [[key === " " ? "space" : key, word]]
  );
  const keys: readonly KeyHelp[] = isCovered(model) ? overlayKeys(model) : [
    ...always.slice(0, FIRST_KEYS),
    ...VIEWS[model.view].keys,
    ...(rows?.narrow === undefined ? [] : [["enter", "narrow"] as const]),
    ...always.slice(FIRST_KEYS),
    ...(rows === null ? [] : [["/", "search"] as const]),
    ...(rows?.sorts === undefined ? [] : [["<>", "sort"] as const]),
  ];
  const line: Span[] = [];
  for (const [key, does] of keys) {
    const more = [span(` ${key}`, "heading"), span(` ${does} `)];
    if (lineWidth([...line, ...more]) > model.columns) break;
    line.push(...more);
  }
  return line;
}
