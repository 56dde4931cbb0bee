/** The keys that every view has, as rows of a table: what the help says is what they do. */
import { FAMILIES } from "../../runtime/syscalls/types.ts";
import { formatDuration } from "../text/format.ts";
import { familyOfFilters, filterTexts, isUnfiltered, NO_FILTERS, widened, withFamily } from "./filters.ts";
import {
  type Asks,
  LIST_START,
  missingOption,
  type Model,
  type Overlay,
  type Playing,
  type Step,
  step,
  type ViewId,
  viewKey,
  withNotice,
} from "./model.ts";
import { promptOf } from "./prompt.ts";
import { VIEW_IDS } from "./model.ts";
import { atSpeed, playedOrPaused, stepped } from "./playing.ts";

/** A key of every view. */
export interface GlobalKey {
  /** Names of the keys that do it. */
  keys: readonly string[];
  /** What it does, for the help. */
  does: string;
  /** Word of the last line; left out for keys that are known or rare. */
  word?: string;
  /** What it is for, when that is only a trace or only a recording that is played. */
  of?: "trace" | "recording";
  press(model: Model, key: string): Step;
}

/** Times between baselines that begin by themselves, milliseconds; `null` for never. */
const RESETS_MS: readonly (number | null)[] = [null, 10_000, 30_000, 60_000];

/** In the order of the help. */
export const GLOBAL_KEYS: readonly GlobalKey[] = [
  { keys: ["q"], does: "quit", word: "quit", press: (model) => step(model, { kind: "quit" }) },
  {
    keys: ["?", "f1"],
    does: "this help",
    word: "help",
    press: (model) => opened(model, { kind: "help", top: 0 }),
  },
  {
    keys: VIEW_IDS.map(viewKey),
    does: "the views by number",
    press: (model, key) => viewOfKey(model, key),
  },
  { keys: ["tab"], does: "next view", press: (model) => step({ ...model, view: viewBeside(model, 1) }) },
  {
    keys: ["shift-tab"],
    does: "previous view",
    press: (model) => step({ ...model, view: viewBeside(model, -1) }),
  },
  { keys: [" "], does: "pause and go on", word: "pause", press: paused },
  {
    keys: ["+", "="],
    does: "play twice as fast",
    of: "recording",
    press: playing((...of) => atSpeed(...of, 2)),
  },
  {
    keys: ["-"],
    does: "play half as fast",
    of: "recording",
    press: playing((...of) => atSpeed(...of, 1 / 2)),
  },
  {
    keys: [",", "."],
    does: "back and forward by a twentieth of the recording",
    word: "seek",
    of: "recording",
    press: (model, key) => playing((...of) => stepped(...of, key === "," ? -1 : 1))(model),
  },
  {
    keys: ["@"],
    does: "go to a moment, such as 12s, 50%, +5s or -1m; what comes earlier counts from the beginning",
    of: "recording",
    press: (model) => asked(model, "moment", ""),
  },
  {
    keys: ["f"],
    does: "filter by a condition, such as: path ~ .log and latency > 5ms",
    word: "filter",
    press: (model) =>
      asked(
        model,
        "filter",
        model.filters.typed === null ? "" : filterTexts(model.filters)[0],
        model.filterHistory,
      ),
  },
  { keys: ["backspace", "escape"], does: "widen: take the last condition away", press: widen },
  { keys: ["c"], does: "take all conditions of the view away", press: cleared },
  {
    keys: ["p"],
    does: "choose a process; there, tab starts the trace again for it and its children",
    press: (model) => opened(model, { kind: "tasks", of: "process", list: LIST_START, typed: "" }),
  },
  {
    keys: ["t"],
    does: "choose a thread",
    press: (model) => opened(model, { kind: "tasks", of: "thread", list: LIST_START, typed: "" }),
  },
  {
    keys: ["[", "]"],
    does: "previous and next family of the calls that are traced, and all of them",
    press: (model, key) => besideFamily(model, key === "[" ? -1 : 1),
  },
  {
    keys: ["o", "O"],
    does: "turn calls and families on and off (only O in the flame view)",
    of: "trace",
    press: probes,
  },
  { keys: ["z"], does: "new baseline: count from 0", press: newBaseline },
  {
    keys: ["I"],
    does: `new baselines by themselves: never, or every ${
      RESETS_MS.slice(1).map((ms) => formatDuration(ms! * 1e6)).join(", ")
    }`,
    press: nextReset,
  },
  { keys: ["R"], does: "start and stop recording to a file", of: "trace", press: recording },
  {
    keys: ["B"],
    does: "start the trace again with another ring between kernel and ior; a larger one loses less",
    of: "trace",
    press: (model) => asked(model, "ring", ""),
  },
  {
    keys: ["e"],
    does:
      "save this view as .txt, a report as .json, the rows of the stream as .csv, the flamegraph as .html, .svg, .folded " +
      "or .speedscope.json; in a pause the flamegraph, and the rows outside of the stream, are those of now",
    press: (model) => asked(model, "save", `${model.fileStem}-${model.view}.txt`),
  },
  {
    keys: ["E"],
    does: "open the file that was saved last, in the editor that VISUAL or EDITOR names",
    press: (model) =>
      model.saved === null
        ? step(withNotice(model, "Nothing has been saved yet: e saves", "quiet"))
        : step(model, { kind: "edit", path: model.saved }),
  },
  { keys: ["ctrl-l"], does: "draw the screen again", press: (model) => step(model, { kind: "redraw" }) },
];

function opened(model: Model, overlay: Overlay): Step {
  return step({ ...model, overlay });
}

function asked(model: Model, asks: Asks, text: string, history: readonly string[] = []): Step {
  return opened(model, { kind: "prompt", asks, prompt: promptOf(text, history) });
}

function viewOfKey(model: Model, key: string): Step {
  const view = VIEW_IDS.find((id) => viewKey(id) === key)!;
  const option = missingOption(view, model);
  if (option === null) return step({ ...model, view });
  return step(withNotice(model, `For that view, start ior top with ${option}`, "quiet"));
}

/** The next view that has something to show. */
function viewBeside(model: Model, by: number): ViewId {
  const views = VIEW_IDS.filter((id) => id === model.view || missingOption(id, model) === null);
  return views[(views.indexOf(model.view) + by + views.length) % views.length];
}

/** What is done with the recording that is played. */
function playing(does: (model: Model, playing: Playing) => Step): (model: Model) => Step {
  return (model) => model.playing === null ? step(model) : does(model, model.playing);
}

function paused(model: Model): Step {
  const { frozen, data } = model;
  if (model.playing !== null) return playedOrPaused(model, model.playing);
  if (frozen === null) return step({ ...model, frozen: data });
  const lists = { ...model.lists, stream: { ...model.lists.stream, selected: null } };
  return step({ ...model, frozen: null, lists });
}

function widen(model: Model): Step {
  if (isUnfiltered(model.filters)) return step(model);
  return step(model, { kind: "set-filter", filters: widened(model.filters), typed: null });
}

function cleared(model: Model): Step {
  if (isUnfiltered(model.filters)) return step(model);
  return step(model, { kind: "set-filter", filters: NO_FILTERS, typed: null });
}

/** The families of calls that are traced; of a recording all of them. */
function besideFamily(model: Model, by: number): Step {
  const { filters, data: { probes } } = model;
  const traced = FAMILIES.filter((name) =>
    probes.length === 0 || probes.some(({ family, active }) => active && family === name)
  );
  const choices = [null, ...traced];
  const at = choices.findIndex((name) => name === familyOfFilters(filters));
  const family = choices[(Math.max(at, 0) + by + choices.length) % choices.length];
  return step(model, { kind: "set-filter", filters: withFamily(filters, family), typed: null });
}

function nextReset(model: Model): Step {
  // A time of the options that is not among them is followed by never.
  const resetEveryMs = RESETS_MS[(RESETS_MS.indexOf(model.resetEveryMs) + 1) % RESETS_MS.length];
  const text = resetEveryMs === null
    ? "Counts begin again only by z"
    : `Counts begin again every ${formatDuration(resetEveryMs * 1e6)}`;
  return step(withNotice({ ...model, resetEveryMs }, text));
}

function probes(model: Model): Step {
  if (model.data.probes.length === 0) {
    return step(withNotice(model, "No calls can be turned on or off now", "quiet"));
  }
  return opened(model, { kind: "probes", list: LIST_START, typed: "", isTyping: false, families: false });
}

function newBaseline(model: Model): Step {
  // What was counted last would be gone, and nothing come in its place.
  if (model.data.hasEnded) {
    return step(withNotice(model, "The trace has ended: nothing more is counted", "quiet"));
  }
  return step(model, { kind: "new-baseline" });
}

function recording(model: Model): Step {
  if (model.data.recording !== null) return step(model, { kind: "stop-recording" });
  return asked(model, "recording", `${model.fileStem}.parquet`);
}

/** The keys of what is shown: a trace, or a recording that is played. */
export function globalKeys({ playing }: Model): readonly GlobalKey[] {
  return GLOBAL_KEYS.filter(({ of }) =>
    of === undefined || of === (playing === null ? "trace" : "recording")
  );
}

/** What the key of every view with this name does, `null` for a name that is none. */
export function pressGlobal(model: Model, name: string): Step | null {
  const named = ({ keys }: GlobalKey) => keys.includes(name);
  const key = globalKeys(model).find(named);
  if (key !== undefined) return key.press(model, name);
  const other = GLOBAL_KEYS.find(named);
  if (other === undefined) return null;
  return step(withNotice(model, `Only for a ${other.of}: ${other.does}`, "quiet"));
}
