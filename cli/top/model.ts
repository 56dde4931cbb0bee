/** The state of the live view, what happens to it, and what it asks for. Plain data: every change makes another one. */
import type { TrieField, TrieMetric } from "../../runtime/flame.ts";
import type { StreamRow } from "../../runtime/row.ts";
import { emptyData, type TopData } from "./data.ts";
import { type Filters, NO_FILTERS } from "./filters.ts";
import type { Style } from "./line.ts";
import type { Prompt } from "./prompt.ts";

/** The views, in the order of their numbers. */
export const VIEW_IDS = [
  "overview",
  "syscalls",
  "files",
  "processes",
  "latency",
  "flame",
  "stream",
  "opens",
  "mapped",
  "stacks",
] as const;

/** True for views that show what only single calls tell. */
export function isOfRows(view: ViewId): boolean {
  return view === "stream" || view === "opens";
}

/** One of {@linkcode VIEW_IDS}. */
export type ViewId = typeof VIEW_IDS[number];

/** Where somebody is in a list. */
export interface ListState {
  /** Name of the selected row; `null` for the first one, or the newest of a stream, whichever that is. */
  selected: string | null;
  /** Where the selected row was last, for when it is gone. */
  index: number;
  /** The first row on the screen, as long as the selected one is on it. */
  top: number;
  /** Column that the rows are sorted by, `null` for the usual one. */
  sort: string | null;
  reversed: boolean;
  /** Rows that are folded or unfolded unlike at first. */
  flipped: ReadonlySet<string>;
}

/** What lies over a view. */
export type Overlay =
  | { kind: "help"; top: number }
  | { kind: "prompt"; asks: Asks; prompt: Prompt }
  /** The processes or threads to choose from; what is typed narrows the list. */
  | { kind: "tasks"; of: "process" | "thread"; list: ListState; typed: string }
  /** The system calls or families that can be turned on and off. */
  | { kind: "probes"; list: ListState; typed: string; isTyping: boolean; families: boolean }
  /** The fields of a row of the stream. */
  | { kind: "row"; row: StreamRow; list: ListState }
  /** The rows of a descriptor from its open to its close. */
  | { kind: "life"; rows: readonly StreamRow[]; title: string; list: ListState }
  /** The columns to sort by. */
  | { kind: "sort"; list: ListState };

/** What a prompt is for. */
export type Asks = "filter" | "search" | "recording" | "save" | "moment" | "ring";

/** A recording that is played; its moments are nanoseconds since its trace began. */
export interface Playing {
  /** The first and the last moment. */
  startNs: number;
  endNs: number;
  /** Seconds of the recording that pass in a second. */
  speed: number;
  /** False while it stands still. */
  isPlaying: boolean;
}

/** A short message in the last line, until the next key. */
export interface Notice {
  text: string;
  style: Style;
}

/** What the latency view shows. */
export const LATENCY_MEASURES = ["latency", "gap", "size"] as const;

/** One of {@linkcode LATENCY_MEASURES}. */
export type LatencyMeasure = typeof LATENCY_MEASURES[number];

/** The whole state. */
export interface Model {
  /** Size of the terminal. */
  columns: number;
  rows: number;
  ascii: boolean;
  view: ViewId;
  lists: Readonly<Record<ViewId, ListState>>;
  overlay: Overlay | null;
  notice: Notice | null;
  /** Newest data. */
  data: TopData;
  /** The data that is shown instead while the view is paused. */
  frozen: TopData | null;
  filters: Filters;
  /** The conditions that were asked for and are not in force yet, `null` for none: the next key changes these. */
  wanted: Filters | null;
  /** What was typed as filters and searches, newest last. */
  filterHistory: readonly string[];
  searchHistory: readonly string[];
  /** What is searched for, empty for nothing. */
  search: string;
  /** Whether files are shown as a tree of directories. */
  isTree: boolean;
  latencyMeasure: LatencyMeasure;
  /** Whether rows say which code makes the calls; of a recording that is not known before it is read. */
  hasStacks: boolean;
  /** Whether page faults on mapped files are followed. */
  hasMapped: boolean;
  /** Frames from the root to the one that the flamegraph begins with. */
  zoom: readonly string[];
  /** Names of files that ior proposes: they contain the time that the trace began. */
  fileStem: string;
  /** The file that was saved last, `null` for none. */
  saved: string | null;
  /** The recording that is played, `null` for a trace. */
  playing: Playing | null;
  /** Time after which a baseline begins by itself, milliseconds; `null` for never. */
  resetEveryMs: number | null;
  /** Shortest time that rates are of, nanoseconds: the moments of samples are not exact. */
  leastRateNs: number;
}

/** What the terminal's user or the trace does is one of these. */
export type Effect =
  | { kind: "quit" }
  | { kind: "suspend" }
  /** Writes the whole screen again. */
  | { kind: "redraw" }
  | { kind: "set-filter"; filters: Filters; typed: string | null }
  | { kind: "toggle-calls"; syscalls: readonly string[] }
  | { kind: "toggle-family"; family: string }
  | { kind: "set-all-calls"; active: boolean }
  | { kind: "new-baseline" }
  | { kind: "set-metric"; metric: TrieMetric }
  | { kind: "set-frames"; fields: readonly TrieField[] }
  | { kind: "start-recording"; path: string }
  | { kind: "stop-recording" }
  | { kind: "save"; path: string }
  /** Opens a file in an editor. */
  | { kind: "edit"; path: string }
  /** Starts the trace again with another ring, or for a process with its children; `null` for those of the start. */
  | { kind: "restart"; ringSize?: string; pid?: number | null }
  /** Shows another moment of the recording. */
  | { kind: "seek"; toNs: number };

/** A change of the state, and what is to be done. */
export interface Step {
  model: Model;
  effects: readonly Effect[];
}

/** A change with nothing to be done. */
export function step(model: Model, ...effects: Effect[]): Step {
  return { model, effects };
}

/** The key of a view: 1 to 9, then 0. */
export function viewKey(view: ViewId): string {
  return String((VIEW_IDS.indexOf(view) + 1) % 10);
}

/** The option that a trace needs for a view and was not started with; `null` for none. */
export function missingOption(view: ViewId, { hasStacks, hasMapped }: Model): string | null {
  if (view === "mapped" && !hasMapped) return "--cache";
  return view === "stacks" && !hasStacks ? "--stacks" : null;
}

/** The data that is shown. */
export function shown({ data, frozen }: Model): TopData {
  return frozen ?? data;
}

/** A list at its beginning. */
export const LIST_START: ListState = {
  selected: null,
  index: 0,
  top: 0,
  sort: null,
  reversed: false,
  flipped: new Set(),
};

/** How a view begins. */
export interface Start {
  columns: number;
  rows: number;
  ascii: boolean;
  view: ViewId;
  fileStem: string;
  /** The first and the last moment of the recording that is played, `null` for a trace. */
  played?: { startNs: number; endNs: number } | null;
  /** As in a {@linkcode Model}; default: a recording may have them. */
  hasStacks?: boolean;
  hasMapped?: boolean;
  /** As in a {@linkcode Model}; default `null`. */
  resetEveryMs?: number | null;
  /** As in a {@linkcode Model}; default 0. */
  leastRateNs?: number;
}

/** The state before anything has come. */
export function startModel(
  {
    columns,
    rows,
    ascii,
    view,
    fileStem,
    played = null,
    hasStacks = played !== null,
    hasMapped = played !== null,
    resetEveryMs = null,
    leastRateNs = 0,
  }: Start,
): Model {
  return {
    columns,
    rows,
    ascii,
    view,
    lists: Object.fromEntries(VIEW_IDS.map((id) => [id, LIST_START])) as Record<ViewId, ListState>,
    overlay: null,
    notice: null,
    data: { ...emptyData(), baselineNs: played?.startNs ?? 0 },
    frozen: null,
    filters: NO_FILTERS,
    wanted: null,
    filterHistory: [],
    searchHistory: [],
    search: "",
    isTree: false,
    latencyMeasure: "latency",
    hasStacks,
    hasMapped,
    zoom: [],
    fileStem,
    saved: null,
    playing: played && { startNs: played.startNs, endNs: played.endNs, speed: 1, isPlaying: true },
    resetEveryMs,
    leastRateNs,
  };
}

/** The state in which what is on the screen stays: a trace goes on unseen, a recording stands still. */
export function standing(model: Model): Model {
  if (model.playing !== null) return { ...model, playing: { ...model.playing, isPlaying: false } };
  return model.frozen === null ? { ...model, frozen: model.data } : model;
}

/** The state with a change of the list of a view. */
export function withList(model: Model, view: ViewId, change: Partial<ListState>): Model {
  return { ...model, lists: { ...model.lists, [view]: { ...model.lists[view], ...change } } };
}

/** The state with a message. */
export function withNotice(model: Model, text: string, style: Style = "plain"): Model {
  return { ...model, notice: { text, style } };
}
