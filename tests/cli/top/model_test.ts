/** Keys in any order, over a trace that goes on meanwhile, break nothing. */
import assert from "node:assert/strict";
import { bodyOf, isCovered } from "../../../cli/top/layout.ts";
import { renderFrame } from "../../../cli/top/frame.ts";
import { lineWidth, plainText } from "../../../cli/top/line.ts";
import { filterOf, NO_FILTERS } from "../../../cli/top/filters.ts";
import { requestOf, startModel, update } from "../../../cli/top/mod.ts";
import type { Effect, Model } from "../../../cli/top/model.ts";
import type { Event } from "../../../cli/top/update.ts";
import { selectedIndex } from "../../../cli/top/content.ts";
import { compileFilter, emptyFilter } from "../../../runtime/filter/mod.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { ScriptedTrace } from "./scripted.ts";

const KEYS = 100_000;

/** Keys that people press, the most usual ones more often, and what they type. */
const PRESSED = [
  ..."1234567890",
  ..."1234567890",
  ...["up", "down", "up", "down", "down", "page-up", "page-down", "home", "end", "left", "right"],
  ...["enter", "enter", "escape", "escape", "backspace", "tab", "shift-tab", "delete"],
  ..."q?/fsrRzeExXbBTpoOdnNuagGhjkl<>+-,.@ ",
  ..."latency>5ms()\"'\\*[^$=~,.表é",
  ...["ctrl-a", "ctrl-c", "ctrl-e", "ctrl-k", "ctrl-l", "ctrl-u", "ctrl-w", "ctrl-z", "f1", "ctrl-space"],
];

const SIZES = [[80, 24], [132, 40], [40, 10], [39, 9], [1, 1], [61, 17], [200, 60]];

/** What a run of ior would do for the view. */
function perform(trace: ScriptedTrace, effect: Effect, next: () => number): Event[] {
  const atNs = trace.atNs;
  switch (effect.kind) {
    case "set-filter":
      // Whatever the view makes of keys is a filter that can be used.
      compileFilter(filterOf({ ...emptyFilter(), syscalls: ["read"] }, effect.filters));
      if (next() < 0.2) return [{ ...effect, kind: "filter-refused", message: "Cannot use it" }];
      trace.reset();
      return [{ kind: "filter-set", filters: effect.filters, typed: effect.typed, atNs }];
    case "new-baseline":
      trace.reset();
      return [{ kind: "baseline", atNs }];
    case "toggle-calls":
      effect.syscalls.forEach((syscall) => trace.toggle(syscall));
      return [];
    case "toggle-family":
      trace.toggleFamily(effect.family);
      return [];
    case "set-all-calls":
      trace.setAll(effect.active);
      return [];
    case "set-metric":
      trace.reshape({ metric: effect.metric });
      return [];
    case "set-frames":
      trace.reshape({ fields: effect.fields });
      return [];
    case "start-recording":
    case "stop-recording": {
      const status = { path: "a.parquet", rows: 7, dropped: 0, lastError: next() < 0.5 ? null : "full" };
      const recording = effect.kind === "start-recording" ? status : null;
      const [, progress] = trace.events();
      return progress.kind === "progress" ? [{ ...progress, recording }] : [];
    }
    case "restart":
      if (next() < 0.2) return [{ kind: "notice", notice: { text: "Cannot start it", style: "bad" } }];
      trace.reset();
      return [{ kind: "restarted", atNs, filters: NO_FILTERS }];
    case "seek": {
      const before = { atNs: effect.toNs, stats: trace.stats() };
      return next() < 0.9 ? [{ kind: "jumped", before, baselineNs: 0 }] : [{ kind: "played" }];
    }
    case "save":
      return [
        { kind: "saved", path: effect.path },
        { kind: "notice", notice: { text: `Saved \x1b[31m${effect.path}`, style: "good" } },
      ];
    case "edit":
    case "quit":
    case "suspend":
    case "redraw":
      return [];
  }
}

function check(model: Model): void {
  const { lines, cursor } = renderFrame(model);
  assert.equal(lines.length, model.rows);
  for (const line of lines) {
    assert.ok(lineWidth(line) <= model.columns, `${model.columns} columns: ${plainText(line)}`);
    assert.doesNotMatch(plainText(line), /[\p{Cc}\p{Cf}]/u);
  }
  if (cursor !== null) assert.ok(cursor.column < model.columns && cursor.row < model.rows);
  const { content } = bodyOf(model);
  const list = model.overlay !== null && "list" in model.overlay
    ? model.overlay.list
    : model.lists[model.view];
  if (content !== null && (model.overlay === null || isCovered(model))) {
    const index = selectedIndex(content, list);
    assert.ok(index >= -1 && index < content.length && (index >= 0 || content.length === 0));
    if (index >= 0 && model.columns >= 40 && model.rows >= 10) {
      assert.equal(lines.filter((line) => plainText(line).startsWith("▸")).length, 1, "one row is selected");
    }
  }
}

/** Effects of a trace, and of a recording that is played. */
const EFFECTS = {
  trace: [
    "toggle-calls",
    "toggle-family",
    "set-all-calls",
    "start-recording",
    "stop-recording",
    "restart",
  ],
  recording: ["seek"],
} as const;

for (const source of ["trace", "recording"] as const) {
  Deno.test(`${KEYS} random keys over a ${source} break no frame, no selection and nothing else`, () => {
    pressAtRandom(source);
  });
}

function pressAtRandom(of: keyof typeof EFFECTS): void {
  const next = random(testSeed());
  const trace = new ScriptedTrace(3, of === "recording");
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(next() * values.length)];
  const played = of === "trace" ? null : { startNs: 0, endNs: 60e9 };
  let model = startModel({
    columns: 80,
    rows: 24,
    ascii: false,
    view: "overview",
    fileStem: "ior-1",
    played,
  });
  const seen = new Set<string>();
  const tell = (event: Event) => {
    const done = update(model, event);
    model = done.model;
    for (const effect of done.effects) {
      seen.add(effect.kind);
      for (const event of perform(trace, effect, next)) tell(event);
    }
  };
  for (let i = 0; i < KEYS; i++) {
    const chance = next();
    if (chance < 0.01) {
      trace.pass(Math.floor(next() * 60));
      if (next() < 0.1) trace.lost++;
      for (const event of trace.events(requestOf(model))) tell(event);
    } else if (chance < 0.02) {
      const [columns, rows] = pick(SIZES);
      tell({ kind: "resize", columns, rows });
    } else if (chance < 0.05) {
      const [column, row] = [Math.floor(next() * 90), Math.floor(next() * 30)];
      tell({
        kind: "input",
        input: next() < 0.5 ? { kind: "wheel", up: next() < 0.5 } : { kind: "click", column, row },
      });
    } else tell({ kind: "input", input: { kind: "key", key: pick(PRESSED) } });
    if (i % 20 === 0) check(model);
    if (model.overlay !== null) seen.add(model.overlay.kind);
  }
  const effects = [
    "set-filter",
    "new-baseline",
    "set-metric",
    "set-frames",
    "quit",
    "suspend",
    ...EFFECTS[of],
  ];
  const overlays = [
    "help",
    "prompt",
    "tasks",
    "row",
    "life",
    "sort",
    ...(of === "trace" ? ["probes"] : []),
  ];
  for (const kind of [...effects, ...overlays]) assert.ok(seen.has(kind), `The keys never came to ${kind}`);
}
