/** The dialogs: what each shows, and what its keys do. */
import { escapeText } from "../../text/escape.ts";
import { type Content, moveByKey, selectedIndex } from "../content.ts";
import { narrowed, withoutTask } from "../filters.ts";
import { isPrintable } from "../keys.ts";
import { cutLine, type Line, span, textLine } from "../line.ts";
import { type ListState, type Model, type Overlay, type Step, step, withList } from "../model.ts";
import { streamContent } from "../views/stream.ts";
import type { KeyHelp, Room } from "../views/view.ts";
import { VIEWS } from "../views/views.ts";
import { helpLines } from "./help.ts";
import { probeContent, probeRows, toggledAll } from "./probes.ts";
import { taskChoices } from "./tasks.ts";
import { rowFields } from "./row.ts";

/** A dialog with a list. */
type ListOverlay = Extract<Overlay, { list: ListState }>;

/** The list of the dialog; `null` without one. */
export function overlayContent(model: Model): Content | null {
  const { overlay } = model;
  switch (overlay?.kind) {
    case "tasks":
      return taskChoices(model, overlay);
    case "probes":
      return probeContent(probeRows(model.data.probes, overlay));
    case "row":
      return rowFields(overlay.row, model.ascii);
    case "life":
      return streamContent(overlay.rows, model.ascii, "Nothing");
    case "sort":
      return sortContent(model);
  }
  return null;
}

/** The lines of the dialog above its list; `null` when none takes the place of the view. */
export function overlayLines(model: Model, { width, height }: Room): Line[] | null {
  const { overlay } = model;
  switch (overlay?.kind) {
    case "help":
      return helpLines(model, width).slice(overlay.top, overlay.top + height);
    case "tasks":
      return [titleLine(`Which ${overlay.of}`, overlay.typed, model, width)];
    case "probes": {
      const what = overlay.families ? "Families of calls that are traced" : "Calls that are traced";
      return [titleLine(what, overlay.typed, model, width)];
    }
    case "row":
      return [textLine("One call", "heading")];
    case "life":
      return [cutLine(textLine(overlay.title, "heading"), width)];
    case "sort":
      return [textLine("Sort by", "heading")];
  }
  return null;
}

/** The keys of a dialog, for the last line. */
export function overlayKeys({ overlay }: Model): readonly KeyHelp[] {
  switch (overlay?.kind) {
    case "help":
      return [["escape", "back"], ["up/down", "scroll"]];
    case "tasks":
      return [
        ["type", "narrow the list"],
        ["enter", "choose"],
        ...(overlay.of === "process" ? [["tab", "with its children"] as const] : []),
        ["escape", "back"],
      ];
    case "probes":
      return overlay.isTyping
        ? [["type", "narrow the list"], ["enter", "done"]]
        : [["space", "on or off"], ["a", "all on"], ["n", "all off"], ["tab", "calls or families"], [
          "/",
          "find",
        ], ["escape", "back"]];
    case "row":
      return [["enter", "narrow to this value"], ["escape", "back"]];
    case "life":
      return [["escape", "back"]];
    case "sort":
      return [["enter", "choose"], ["escape", "back"]];
  }
  return [];
}

/** What a key does in a dialog other than a prompt; `height` is the rows of its list. */
export function pressOverlay(model: Model, key: string, height: number): Step {
  const { overlay } = model;
  if (overlay === null || overlay.kind === "prompt") return step(model);
  if (overlay.kind === "help") return pressHelp(model, overlay.top, key, height);
  if (key === "escape") return step(closed(model));
  const content = overlayContent(model)!;
  if (key === "enter") return chosen(model, overlay, selectedIndex(content, overlay.list), content);
  if (overlay.kind === "tasks" && overlay.of === "process" && key === "tab") {
    const index = selectedIndex(content, overlay.list);
    if (model.playing !== null || index < 0) return step(model);
    const condition = content.narrow?.(index) ?? null;
    const pid = condition?.kind === "number" ? condition.values[0] : null;
    return step(closed(model), { kind: "restart", pid });
  }
  if (overlay.kind === "tasks") {
    const typed = typedText(overlay.typed, key);
    if (typed !== null) {
      return step({ ...model, overlay: { ...overlay, typed, list: restarted(overlay.list) } });
    }
  }
  if (overlay.kind === "probes") {
    const pressed = pressProbes(model, overlay, key);
    if (pressed !== null) return pressed;
  }
  if (overlay.kind !== "tasks" && (key === "q" || key === "backspace")) return step(closed(model));
  const list = moveByKey(content, overlay.list, key, height);
  return step(list === null ? model : { ...model, overlay: { ...overlay, list } });
}

function chosen(model: Model, overlay: ListOverlay, index: number, content: Content): Step {
  switch (overlay.kind) {
    case "tasks": {
      if (index < 0) return step(model);
      // One process or thread at a time: a second choice takes the place of the first.
      const others = withoutTask(model.filters);
      const condition = content.narrow?.(index) ?? null;
      if (condition === null && others.pushed.length === model.filters.pushed.length) {
        return step(closed(model));
      }
      const filters = condition === null ? others : narrowed(others, condition);
      return step(closed(model), { kind: "set-filter", filters, typed: null });
    }
    case "probes":
      return overlay.isTyping
        ? step({ ...model, overlay: { ...overlay, isTyping: false } })
        : toggleSelected(model, overlay);
    case "row": {
      const condition = index < 0 ? null : content.narrow?.(index) ?? null;
      if (condition === null) return step(model);
      const filters = narrowed(model.filters, condition);
      return step({ ...closed(model), frozen: null }, { kind: "set-filter", filters, typed: null });
    }
    case "life":
      return step(closed(model));
    case "sort":
      return step(
        index < 0 ? closed(model) : withList(closed(model), model.view, { sort: content.id(index) }),
      );
  }
}

function pressProbes(model: Model, overlay: Extract<Overlay, { kind: "probes" }>, key: string): Step | null {
  if (overlay.isTyping) {
    const typed = typedText(overlay.typed, key);
    return typed === null
      ? null
      : step({ ...model, overlay: { ...overlay, typed, list: restarted(overlay.list) } });
  }
  const rows = probeRows(model.data.probes, overlay);
  switch (key) {
    case " ":
      return toggleSelected(model, overlay);
    case "a":
    case "n": {
      if (overlay.typed === "") return step(model, { kind: "set-all-calls", active: key === "a" });
      const syscalls = toggledAll(rows, key === "a");
      return syscalls.length === 0 ? step(model) : step(model, { kind: "toggle-calls", syscalls });
    }
    case "tab":
      return step({
        ...model,
        overlay: { ...overlay, families: !overlay.families, list: restarted(overlay.list) },
      });
    case "/":
      return step({ ...model, overlay: { ...overlay, isTyping: true } });
  }
  return null;
}

function toggleSelected(model: Model, overlay: Extract<Overlay, { kind: "probes" }>): Step {
  const rows = probeRows(model.data.probes, overlay);
  const row = rows[selectedIndex(probeContent(rows), overlay.list)];
  if (row === undefined) return step(model);
  return overlay.families
    ? step(model, { kind: "toggle-family", family: row.name })
    : step(model, { kind: "toggle-calls", syscalls: [row.name] });
}

function pressHelp(model: Model, top: number, key: string, height: number): Step {
  const last = Math.max(0, helpLines(model, model.columns).length - height);
  const to = (line: number) =>
    step({ ...model, overlay: { kind: "help", top: Math.min(Math.max(line, 0), last) } });
  switch (key) {
    case "down":
    case "j":
      return to(top + 1);
    case "up":
    case "k":
      return to(top - 1);
    case "page-down":
    case " ":
      return to(top + height);
    case "page-up":
      return to(top - height);
    case "home":
    case "g":
      return to(0);
    case "end":
    case "G":
      return to(last);
  }
  return step(closed(model));
}

function closed(model: Model): Model {
  return { ...model, overlay: null };
}

function restarted(list: ListState): ListState {
  return { ...list, selected: null, index: 0, top: 0 };
}

/** The text after a key that types or erases, `null` for any other key. */
function typedText(typed: string, key: string): string | null {
  if (key === "backspace") return [...typed].slice(0, -1).join("");
  if (key === "ctrl-u") return "";
  return isPrintable(key) ? typed + key : null;
}

function titleLine(title: string, typed: string, { ascii }: Model, width: number): Line {
  const text = typed === "" ? "" : `  with "${escapeText(typed, { ascii })}"`;
  return cutLine([span(title, "heading"), span(text, "good")], width);
}

function sortContent(model: Model): Content {
  const content = VIEWS[model.view].content(model);
  const sorts = content?.sorts?.(Infinity) ?? [];
  return {
    length: sorts.length,
    id: (index) => sorts[index].sort,
    text: (index) => sorts[index].sort,
    heading: () => null,
    line: (index, width) => {
      const { sort } = sorts[index];
      return cutLine([span(sort), span(sort === content?.sort ? "  (now)" : "", "quiet")], width);
    },
    empty: "This view is not sorted",
  };
}
