/** What happens to the state when something happens. Pure: the same state and event give the same result. */
import type { ProbeState, RecorderStatus } from "../../runtime/contracts.ts";
import type { SessionsResult } from "../../runtime/file_sessions.ts";
import type { Loss } from "../../runtime/loss.ts";
import type { ReportMappedIo } from "../../runtime/report.ts";
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { escapeText } from "../text/escape.ts";
import { MARK_COLUMNS, moveByKey, searchList, selectedIndex, selectIndex, windowTop } from "./content.ts";
import {
  atBaseline,
  jumped,
  type Sample,
  type TrieData,
  withAllTables,
  withMapped,
  withSample,
} from "./data.ts";
import { type Filters, narrowed, parseTyped } from "./filters.ts";
import { pressGlobal } from "./global_keys.ts";
import type { Input } from "./keys.ts";
import { bodyOf, HEAD_ROWS, tabs } from "./layout.ts";
import {
  LIST_START,
  type ListState,
  type Model,
  type Notice,
  type Overlay,
  standing,
  type Step,
  step,
  withList,
  withNotice,
} from "./model.ts";
import { pressOverlay } from "./overlays/overlays.ts";
import { momentOf, seeked } from "./playing.ts";
import { promptOf, promptText, typeKey } from "./prompt.ts";
import { VIEWS } from "./views/views.ts";

/** Rows that a turn of the wheel moves. */
const WHEEL_ROWS = 3;

/** Texts kept of filters and searches. */
const HISTORY_MAX = 100;

/** What can happen. */
export type Event =
  | { kind: "input"; input: Input }
  | { kind: "resize"; columns: number; rows: number }
  | { kind: "sample"; sample: Sample }
  | {
    kind: "progress";
    elapsedNs: number;
    loss: Loss;
    untracedRequests?: number;
    warnings: number;
    probes: readonly ProbeState[];
    recording: RecorderStatus | null;
  }
  /** All tables, for what stands still. */
  | { kind: "whole"; sample: Sample }
  | { kind: "rows"; rows: readonly (StreamRow | WarningRow)[] }
  | { kind: "trie"; trie: TrieData }
  | { kind: "sessions"; sessions: SessionsResult | null }
  | { kind: "mapped"; mapped: ReportMappedIo | null }
  /** The counts have begun again. */
  | { kind: "baseline"; atNs: number }
  /** A filter is in force; `typed` is its text when it was typed. */
  | { kind: "filter-set"; filters: Filters; typed: string | null; atNs: number }
  | { kind: "filter-refused"; filters: Filters; message: string; typed: string | null }
  | { kind: "notice"; notice: Notice }
  | { kind: "saved"; path: string }
  /** The trace runs again, under these conditions. */
  | { kind: "restarted"; atNs: number; filters: Filters }
  /** Another moment of the recording is next; `before` is the sample before it, for its rates. */
  | { kind: "jumped"; before: Sample | null; baselineNs: number }
  /** The recording has come to its end. */
  | { kind: "played" }
  | { kind: "ended" };

/** The state after an event, and what is to be done. */
export function update(model: Model, event: Event): Step {
  switch (event.kind) {
    case "input":
      return takeNext(model, event.input);
    case "resize":
      return step({ ...model, columns: event.columns, rows: event.rows });
    case "sample":
      return step({ ...model, data: withSample(model.data, event.sample, model.leastRateNs) });
    case "progress": {
      const { kind: _, untracedRequests = 0, ...progress } = event;
      return step({ ...model, data: { ...model.data, untracedRequests, ...progress } });
    }
    case "whole":
      return step(
        model.frozen === null ? model : { ...model, frozen: withAllTables(model.frozen, event.sample) },
      );
    case "rows":
      return step({ ...model, data: { ...model.data, rows: event.rows } });
    case "trie":
      return step({ ...model, data: { ...model.data, trie: event.trie } });
    case "sessions":
      return step({ ...model, data: { ...model.data, sessions: event.sessions } });
    case "mapped":
      return step({ ...model, data: withMapped(model.data, event.mapped, model.leastRateNs) });
    case "baseline":
      return step({ ...model, frozen: null, data: atBaseline(model.data, event.atNs) });
    case "filter-set":
      return step(filterSet(model, event.filters, event.typed, event.atNs));
    case "filter-refused":
      return step(filterRefused(model, event));
    case "notice":
      return step({ ...model, notice: event.notice });
    case "saved":
      return step({ ...model, saved: event.path });
    case "restarted": {
      const { atNs, filters } = event;
      return step({ ...model, frozen: null, filters, data: atBaseline(model.data, atNs) });
    }
    case "jumped":
      return step({ ...model, data: jumped(model.data, event.before, event.baselineNs) });
    case "played":
      return step(
        withNotice(standing(model), "The recording has ended; space plays it again, q quits", "quiet"),
      );
    case "ended":
      return step(
        withNotice({ ...model, data: { ...model.data, hasEnded: true } }, "The trace has ended; q quits"),
      );
  }
}

/** Keys that come before a filter is in force change what was asked for, not what it takes the place of. */
function takeNext(model: Model, input: Input): Step {
  const { filters, wanted } = model;
  const taken = takeInput({ ...model, filters: wanted ?? filters, notice: null }, input);
  const asked = taken.effects.find((effect) => effect.kind === "set-filter");
  return { model: { ...taken.model, filters, wanted: asked?.filters ?? wanted }, effects: taken.effects };
}

/** What is still asked for when these conditions are in force, or refused. */
function stillWanted({ wanted }: Model, filters: Filters): Filters | null {
  return wanted === filters ? null : wanted;
}

function takeInput(model: Model, input: Input): Step {
  switch (input.kind) {
    case "key":
      return press(model, input.key);
    case "wheel":
      return move(model, input.up ? -WHEEL_ROWS : WHEEL_ROWS);
    case "click":
      return click(model, input.column, input.row);
  }
}

function press(model: Model, key: string): Step {
  if (key === "ctrl-c") return step(model, { kind: "quit" });
  if (key === "ctrl-z") return step(model, { kind: "suspend" });
  const { overlay, view } = model;
  if (overlay?.kind === "prompt") return pressPrompt(model, overlay, key);
  if (overlay !== null) {
    return key === "ctrl-l"
      ? step(model, { kind: "redraw" })
      : pressOverlay(model, key, bodyOf(model).listHeight);
  }
  return VIEWS[view].press?.(model, key) ?? pressList(model, key) ?? pressGlobal(model, key) ?? step(model);
}

/** What a key does to the list of a view, `null` for a key that lists do not know. */
function pressList(model: Model, key: string): Step | null {
  const { view } = model;
  const { content, listHeight } = bodyOf(model);
  if (content === null) return null;
  const list = model.lists[view];
  const moved = moveByKey(content, list, key, listHeight);
  if (moved !== null) return step(withList(held(model), view, moved));
  const sorts = content.sorts?.(model.columns - MARK_COLUMNS) ?? [];
  const sortBeside = (by: number) => {
    const at = sorts.findIndex(({ sort }) => sort === content.sort);
    const next = sorts[Math.min(Math.max(at + by, 0), sorts.length - 1)];
    return step(withList(model, view, { sort: next.sort }));
  };
  switch (key) {
    case "/":
      return step({
        ...model,
        overlay: { kind: "prompt", asks: "search", prompt: promptOf("", model.searchHistory) },
      });
    case "n":
    case "N":
      return model.search === "" ? step(model) : step(searched(held(model), model.search, key === "N"));
    case "<":
    case ">":
      return sorts.length === 0 ? null : sortBeside(key === "<" ? -1 : 1);
    case "s":
      return sorts.length === 0 ? null : step({ ...model, overlay: { kind: "sort", list: LIST_START } });
    case "r":
      return sorts.length === 0 ? null : step(withList(model, view, { reversed: !list.reversed }));
    case "enter": {
      if (content.narrow === undefined) return null;
      const index = selectedIndex(content, list);
      const condition = index < 0 ? null : content.narrow(index);
      if (condition === null) return step(withNotice(model, "This row cannot be narrowed to", "quiet"));
      const filters = narrowed(model.filters, condition);
      return filters === model.filters
        ? step(model)
        : step(model, { kind: "set-filter", filters, typed: null });
    }
  }
  return null;
}

/** A stream that is looked at must not run away. */
function held(model: Model): Model {
  return model.view === "stream" ? standing(model) : model;
}

function searched(model: Model, pattern: string, back: boolean): Model {
  const { content, listHeight } = bodyOf(model);
  if (content === null) return model;
  try {
    const found = searchList(content, model.lists[model.view], { pattern, back, height: listHeight });
    if (found !== null) return withList({ ...model, search: pattern }, model.view, found);
    return withNotice(
      { ...model, search: pattern },
      `Nothing matches ${escapeText(pattern, model)}`,
      "quiet",
    );
  } catch (error) {
    return withNotice(model, messageOf(error), "bad");
  }
}

function pressPrompt(model: Model, overlay: Extract<Overlay, { kind: "prompt" }>, key: string): Step {
  if (key === "escape") return step({ ...model, overlay: null });
  if (key !== "enter") {
    return step({ ...model, overlay: { ...overlay, prompt: typeKey(overlay.prompt, key) } });
  }
  const text = promptText(overlay.prompt);
  const closed: Model = { ...model, overlay: null };
  switch (overlay.asks) {
    case "filter":
      try {
        const filters = { ...model.filters, typed: parseTyped(text) };
        return step(model, { kind: "set-filter", filters, typed: text });
      } catch (error) {
        return step(withFilterError(model, overlay, messageOf(error)));
      }
    case "search": {
      if (text === "") return step(closed);
      const searchHistory = remembered(model.searchHistory, text);
      return step(searched(held({ ...closed, searchHistory }), text, false));
    }
    case "recording":
      return text === "" ? step(closed) : step(closed, { kind: "start-recording", path: text });
    case "save":
      return text === "" ? step(closed) : step(closed, { kind: "save", path: text });
    case "ring":
      return text === "" ? step(closed) : step(closed, { kind: "restart", ringSize: text });
    case "moment":
      if (text === "" || model.playing === null) return step(closed);
      try {
        return seeked(closed, model.playing, momentOf(text, model.playing, model.data.elapsedNs));
      } catch (error) {
        return step(withError(model, overlay, messageOf(error)));
      }
  }
}

function withError(model: Model, overlay: Extract<Overlay, { kind: "prompt" }>, error: string): Model {
  return { ...model, overlay: { ...overlay, prompt: { ...overlay.prompt, error } } };
}

/** The text is in sight, so only where the mistake is and what it is are said. */
function withFilterError(
  model: Model,
  overlay: Extract<Overlay, { kind: "prompt" }>,
  message: string,
): Model {
  const [, column, reason] = /: at column (\d+), (.*)$/s.exec(message) ?? [];
  if (column === undefined) return withError(model, overlay, message);
  const before = promptText(overlay.prompt).slice(0, Number(column) - 1);
  const prompt = { ...overlay.prompt, cursor: [...before].length };
  return withError(model, { ...overlay, prompt }, `Column ${column}: ${reason}`);
}

function filterSet(model: Model, filters: Filters, typed: string | null, atNs: number): Model {
  const isAsked = typed !== null && model.overlay?.kind === "prompt" && model.overlay.asks === "filter";
  return {
    ...model,
    filters,
    wanted: stillWanted(model, filters),
    frozen: null,
    overlay: isAsked ? null : model.overlay,
    filterHistory: typed === null ? model.filterHistory : remembered(model.filterHistory, typed),
    data: atBaseline(model.data, atNs),
  };
}

function filterRefused(
  model: Model,
  { filters, message, typed }: Extract<Event, { kind: "filter-refused" }>,
): Model {
  const { overlay } = model;
  const kept = { ...model, wanted: stillWanted(model, filters) };
  return typed !== null && overlay?.kind === "prompt" && overlay.asks === "filter"
    ? withError(kept, overlay, message)
    : withNotice(kept, message, "bad");
}

function remembered(history: readonly string[], text: string): readonly string[] {
  if (text === "") return history;
  return [...history.filter((other) => other !== text), text].slice(-HISTORY_MAX);
}

function move(model: Model, by: number): Step {
  if (model.overlay?.kind === "help") {
    let moved = step(model);
    for (let i = 0; i < Math.abs(by); i++) moved = press(moved.model, by < 0 ? "up" : "down");
    return moved;
  }
  return selectRow(model, (index) => index + by);
}

/** Selects another row of the list on the screen. */
function selectRow(model: Model, to: (index: number) => number): Step {
  const { content, listHeight } = bodyOf(model);
  const list = listOf(model);
  if (content === null || list === null) return step(model);
  const moved = selectIndex(content, list, to(selectedIndex(content, list)), listHeight);
  const { overlay } = model;
  if (overlay !== null && "list" in overlay) return step({ ...model, overlay: { ...overlay, list: moved } });
  return step(withList(held(model), model.view, moved));
}

/** The list on the screen. */
function listOf(model: Model): ListState | null {
  const { overlay } = model;
  if (overlay === null) return model.lists[model.view];
  return "list" in overlay ? overlay.list : null;
}

function click(model: Model, column: number, row: number): Step {
  if (row === 0 && model.overlay === null) {
    const tab = tabs(model).find(({ start, text }) => column >= start && column < start + text.length);
    return step(tab === undefined ? model : { ...model, view: tab.view });
  }
  const { lines, content, listHeight } = bodyOf(model);
  const list = listOf(model);
  if (content === null || list === null) return step(model);
  const width = model.columns - MARK_COLUMNS;
  const first = HEAD_ROWS + lines.length + (content.heading(width) === null ? 0 : 1);
  if (row === first - 1 && model.overlay === null) {
    const heading = content.sorts?.(width).find(({ start, end }) =>
      column >= start + MARK_COLUMNS && column < end + MARK_COLUMNS
    );
    if (heading === undefined) return step(model);
    const reversed = heading.sort === content.sort && !list.reversed;
    return step(withList(model, model.view, { sort: heading.sort, reversed }));
  }
  const at = windowTop(content, list, listHeight) + row - first;
  return row < first || row >= first + listHeight || at >= content.length
    ? step(model)
    : selectRow(model, () => at);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
