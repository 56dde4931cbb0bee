import assert from "node:assert/strict";
import type { Sample } from "../../../cli/top/data.ts";
import { GLOBAL_KEYS } from "../../../cli/top/global_keys.ts";
import { HEAD_ROWS, tabs } from "../../../cli/top/layout.ts";
import { plainText } from "../../../cli/top/line.ts";
import { renderFrame } from "../../../cli/top/frame.ts";
import { requestOf, update } from "../../../cli/top/mod.ts";
import type { Event } from "../../../cli/top/update.ts";
import type { Effect, Model } from "../../../cli/top/model.ts";
import { VIEW_LIST } from "../../../cli/top/views/views.ts";
import { UNKNOWN_NAME } from "../../../runtime/event_batch.ts";
import { formatExpression } from "../../../runtime/expression/mod.ts";
import type { SnapshotRequest } from "../../../runtime/stats.ts";
import { exampleModel, pressed, ScriptedTrace, told } from "./scripted.ts";

const SIZE = { columns: 132, rows: 40 };

const press = (model: Model, key: string) => update(model, { kind: "input", input: { kind: "key", key } });

const frame = (model: Model) => renderFrame(model).lines.map(plainText);

const selected = (model: Model) => frame(model).find((line) => line.startsWith("▸"));

/** The texts of the conditions that an effect asks for. */
function conditions(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) =>
    effect.kind === "set-filter" ? [effect.filters.typed, ...effect.filters.pushed] : []
  ).filter((term) => term !== null).map(formatExpression);
}

/** Rows that can be narrowed to, and the keys that lead there. */
const NARROWED: readonly [Model["view"], string[], string][] = [
  ["syscalls", [], "syscall = fsync"],
  ["files", [], 'path = "/home/ada/daten/Übersicht 表表.txt"'],
  ["files", ["d", "down"], "path ~ ^/home/ada/"],
  ["processes", [], "pid = 4222"],
  ["processes", ["right", "down"], "tid = 4222"],
  ["stream", ["up", "enter"], "syscall = openat"],
];

for (const [view, keys, wanted] of NARROWED) {
  Deno.test(`Enter in ${view} after ${keys.join(" ") || "nothing"} narrows to ${wanted}`, () => {
    const { effects } = press(pressed(exampleModel(SIZE, { view }), ...keys), "enter");
    assert.deepEqual(conditions(effects), [wanted]);
  });
}

Deno.test("Nothing narrows to files that are not known", () => {
  const model = exampleModel(SIZE, { view: "files" });
  const now = model.data.now!;
  const files = now.stats.files.map(({ pathRaw: _, ...row }) => ({ ...row, path: UNKNOWN_NAME }));
  const unknown = { ...model, data: { ...model.data, now: { ...now, stats: { ...now.stats, files } } } };
  assert.deepEqual(conditions(press(unknown, "enter").effects), []);
});

Deno.test("A file of a process is narrowed to by its name, unless that is not UTF-8: another may look like it", () => {
  const model = pressed(exampleModel(SIZE, { view: "processes" }), "right", "down", "down");
  assert.match(conditions(press(model, "enter").effects).join(), /^path = /);
  const now = model.data.now!;
  const groups = now.stats.groups.map((group) => ({
    ...group,
    rows: group.rows.map((row) => ({
      ...row,
      values: row.values.map((value) => value.key === "file" ? { ...value, pathRaw: "L+k=" } : value),
    })),
  }));
  const raw = { ...model, data: { ...model.data, now: { ...now, stats: { ...now.stats, groups } } } };
  assert.deepEqual(conditions(press(raw, "enter").effects), []);
});

Deno.test("The stream and all fields of a call say why its path is not there in full", () => {
  const model = exampleModel(SIZE, { view: "stream" });
  const rows = model.data.rows.map((row) =>
    "warning" in row ? row : { ...row, path: "/long", oldPath: null, pathError: "truncated" as const }
  );
  const cut = { ...model, data: { ...model.data, rows } };
  assert.match(selected(cut)!, / \/long \[truncated\]$/);
  assert.ok(frame(pressed(cut, "enter")).some((line) => /^ path error +truncated$/.test(line)));
});

Deno.test("What is narrowed to is a stack: Backspace takes the last away, then what was typed", () => {
  let model = exampleModel(SIZE, { view: "syscalls" });
  const apply = (key: string) => {
    const { effects, model: next } = press(model, key);
    const [effect] = effects;
    assert.ok(effect?.kind === "set-filter", key);
    model = update(next, { ...effect, kind: "filter-set", atNs: 1 }).model;
    return conditions(effects);
  };
  model = pressed(model, "f", ..."failed");
  assert.deepEqual(apply("enter"), ["failed"]);
  assert.equal(model.overlay, null);
  model = {
    ...exampleModel(SIZE, { view: "syscalls" }),
    filters: model.filters,
    filterHistory: model.filterHistory,
  };
  assert.deepEqual(apply("enter"), ["failed", "syscall = fsync"]);
  assert.match(frame(model).at(-2)!, /only failed › syscall = fsync/);
  assert.deepEqual(apply("backspace"), ["failed"]);
  assert.deepEqual(apply("escape"), []);
  assert.deepEqual(press(model, "backspace").effects, []);
  assert.equal(frame(pressed(model, "f", "up")).at(-1), "filter: failed", "what was typed is remembered");
});

Deno.test("A filter that is refused leaves everything as it was, and is said where it was typed", () => {
  const typed = pressed(exampleModel(SIZE), "f", ..."pid = 1");
  const { model, effects: [asked] } = press(typed, "enter");
  assert.ok(asked.kind === "set-filter");
  const refused = update(model, { ...asked, kind: "filter-refused", message: "Cannot change it" }).model;
  assert.deepEqual(frame(refused).slice(-2), [" Cannot change it", "filter: pid = 1"]);
  assert.equal(refused.filters, typed.filters);
  assert.equal(frame(pressed(refused, "escape")).at(-2), " all selected calls");
});

Deno.test("The selected row stays selected while the order of rows changes", () => {
  const trace = new ScriptedTrace(1);
  let model = exampleModel(SIZE, { view: "files" });
  model = pressed(model, "down", "down");
  const name = (line: string | undefined) => line?.split(/\s+/).at(-1);
  const before = name(selected(model));
  for (const key of ["r", ">", "s", "enter", "<"]) {
    model = pressed(model, key);
    if (model.overlay === null) assert.equal(name(selected(model)), before, key);
  }
  for (let i = 0; i < 5; i++) {
    trace.pass(300);
    model = told(model, trace.events());
    assert.equal(name(selected(model)), before);
  }
});

Deno.test("Before a row is chosen the first one is selected, whichever it is", () => {
  const model = exampleModel(SIZE, { view: "files" });
  assert.equal(selected(model), frame(model)[HEAD_ROWS + 1]);
  assert.equal(selected(pressed(model, "r")), frame(pressed(model, "r"))[HEAD_ROWS + 1]);
});

Deno.test("Space pauses: what comes is not shown until space is pressed again", () => {
  const trace = new ScriptedTrace(1);
  trace.pass(100);
  const paused = pressed(told(exampleModel(SIZE), trace.events()), " ");
  trace.pass(900);
  const later = told(paused, trace.events());
  assert.deepEqual(frame(later).slice(1, -2), frame(paused).slice(1, -2));
  assert.match(frame(later)[0], /PAUSED/);
  assert.notDeepEqual(frame(pressed(later, " ")).slice(1, -2), frame(paused).slice(1, -2));
});

Deno.test("Moving in the stream pauses it, and it follows the newest row when it goes on", () => {
  const model = exampleModel(SIZE, { view: "stream" });
  assert.equal(selected(model), frame(model).at(-3));
  const moved = pressed(model, "up", "up");
  assert.match(frame(moved)[0], /PAUSED/);
  assert.equal(selected(moved), frame(moved).at(-5));
  assert.equal(selected(pressed(moved, " ")), frame(model).at(-3));
});

Deno.test("A search goes to the next match and around, n and N to others, and says when there is none", () => {
  const model = exampleModel(SIZE, { view: "files" });
  const found = pressed(model, "/", ..."/tmp", "enter");
  const first = selected(found);
  assert.match(first!, /\/tmp\//);
  const next = selected(pressed(found, "n"));
  assert.match(next!, /\/tmp\//);
  assert.notEqual(next, first);
  assert.equal(selected(pressed(found, "n", "N")), first);
  assert.equal(frame(pressed(model, "/", ..."nowhere", "enter")).at(-1), " Nothing matches nowhere");
});

Deno.test("A search between slashes is a regular expression, and a wrong one is said", () => {
  const model = exampleModel(SIZE, { view: "files" });
  assert.match(selected(pressed(model, "/", ..."/BUILD.*\\.o$/", "enter"))!, /build\/main\.o$/);
  assert.equal(
    frame(pressed(model, "/", ..."/a(/", "enter")).at(-1),
    " Cannot search for /a(/: a ( is not closed",
  );
});

Deno.test("A click selects a row, a view, or the column to sort by; the wheel moves", () => {
  const model = exampleModel(SIZE, { view: "files" });
  const click = (column: number, row: number) =>
    update(model, { kind: "input", input: { kind: "click", column, row } }).model;
  assert.equal(selected(click(5, HEAD_ROWS + 3))?.slice(1), frame(model)[HEAD_ROWS + 3].slice(1));
  for (const { view, start } of tabs(model)) assert.equal(click(start + 1, 0).view, view);
  const heading = frame(model)[HEAD_ROWS];
  const sorted = click(heading.indexOf("CALLS/S") + 2, HEAD_ROWS);
  assert.match(frame(sorted)[HEAD_ROWS], /CALLS\/S▾/);
  const down = update(model, { kind: "input", input: { kind: "wheel", up: false } }).model;
  assert.equal(selected(down)?.slice(1), frame(model)[HEAD_ROWS + 4].slice(1));
});

Deno.test("Every key of every view does something where the help names it", () => {
  for (const { id, keys } of VIEW_LIST) {
    const model = pressed(
      exampleModel(SIZE, { view: id }),
      ...(id === "files" ? ["d", "down"] : id === "flame" ? ["down", "enter", "down"] : []),
    );
    for (const [key] of keys) {
      if (key === "left") continue; // folds what right has unfolded, below
      const { model: after, effects } = press(model, key);
      assert.ok(effects.length > 0 || frame(after).join() !== frame(model).join(), `${key} in ${id}`);
    }
    if (keys.some(([key]) => key === "left")) {
      const row = (state: Model) => frame(state).length - frame(state).filter((line) => line === "").length;
      const unfolded = pressed(model, "right");
      assert.ok(row(unfolded) > row(pressed(unfolded, "left")), id);
    }
  }
});

Deno.test("Every key of every view's help does something", () => {
  const narrow = pressed(exampleModel(SIZE, { view: "syscalls" }), "f", ..."failed");
  const { effects: [effect], model } = press(narrow, "enter");
  assert.ok(effect.kind === "set-filter");
  const filtered = update(model, { ...effect, kind: "filter-set", atNs: 1 }).model;
  for (const { keys } of GLOBAL_KEYS) {
    for (const key of keys) {
      const { model: after, effects } = press(filtered, key);
      const isHere = key === "2"; // the view that is shown
      assert.ok(isHere || effects.length > 0 || frame(after).join() !== frame(filtered).join(), key);
    }
  }
});

Deno.test("A new baseline shows nothing of before, and rates begin again", () => {
  const model = told(exampleModel(SIZE, { view: "syscalls" }), [{ kind: "baseline", atNs: 2e9 }]);
  assert.match(frame(model).join("\n"), /No calls yet/);
  const trace = new ScriptedTrace(1);
  trace.pass(10);
  const [sample] = trace.events();
  assert.ok(sample.kind === "sample");
  const next = told(model, [{ ...sample, sample: { ...sample.sample, atNs: 3e9 } }]);
  assert.match(frame(next)[1], / 10 calls\/s/);
});

Deno.test("A table that the frame before has not got has rates of 0, not its totals as rates", () => {
  const trace = new ScriptedTrace(1);
  let model = exampleModel(SIZE, { view: "files", isTree: true });
  const sampled = (tables: SnapshotRequest["tables"]) => {
    trace.pass(300);
    const stats = trace.stats({ tables });
    model = told(model, [{ kind: "sample", sample: { atNs: trace.atNs + 9e9, stats, tables } }]);
    return frame(model).slice(HEAD_ROWS + 1, -2).filter((line) => line.includes("/")).map((line) =>
      line.slice(1).trim().split(/ +/)[0]
    );
  };
  assert.deepEqual(sampled([]), []);
  assert.deepEqual([...new Set(sampled(["files", "directories"]))], ["0"]);
  assert.ok(sampled(["files", "directories"]).some((rate) => rate !== "0"));
});

Deno.test("A frame asks for the first files, and for all once somebody goes on, searches, saves or sorts otherwise", () => {
  const model = exampleModel(SIZE, { view: "files" });
  const few = requestOf(model).maxFiles;
  assert.equal(few, 300);
  const down = Array.from({ length: 150 }, () => "down");
  assert.equal(requestOf(pressed(model, ...down.slice(0, 3))).maxFiles, few);
  for (const keys of [["/"], ["e"], ["r"], ["<"], ["d"]]) {
    assert.equal(requestOf(pressed(model, ...keys)).maxFiles, undefined, keys.join());
  }
  assert.equal(requestOf(pressed(model, "/", ..."tmp", "enter")).maxFiles, undefined, "for n and N");
  const list = { ...model.lists.files, index: 150 };
  assert.equal(requestOf({ ...model, lists: { ...model.lists, files: list } }).maxFiles, undefined);
});

Deno.test("So it does for processes, and for all as long as one is unfolded", () => {
  const model = exampleModel(SIZE, { view: "processes" });
  assert.equal(requestOf(model).maxProcesses, 300);
  for (const keys of [["/"], ["e"], ["r"], ["<"], ["right"], ["p"]]) {
    assert.equal(requestOf(pressed(model, ...keys)).maxProcesses, undefined, keys.join());
  }
  assert.equal(requestOf(pressed(model, "right", "left")).maxProcesses, 300);
});

Deno.test("Processes that were left out are counted, and have no rate when they come", () => {
  const trace = new ScriptedTrace(1);
  const passes = (model: Model, request?: SnapshotRequest) => {
    trace.pass(500);
    return told(model, trace.events(request));
  };
  const request: SnapshotRequest = { tables: ["processes"], maxProcesses: 1 };
  const first = passes(exampleModel(SIZE, { view: "processes" }, new ScriptedTrace(2)), request);
  const model = passes(first, request);
  assert.match(frame(model)[HEAD_ROWS], /^ The 1 of 3 processes with most time; going down shows the others/);
  const { now, before } = passes(model).data;
  const restless = (startedNs: number) => {
    const rename = <Row extends { pid: number }>(row: Row): Row => ({ ...row, startedNs });
    const sample = (of: Sample) => ({
      ...of,
      stats: { ...of.stats, processes: of.stats.processes.map(rename) },
    });
    const lines = frame({ ...model, data: { ...model.data, now: sample(now!), before: sample(before!) } });
    return lines.slice(HEAD_ROWS + 1, HEAD_ROWS + 4).filter((line) => !/ 0 +0% +0B /.test(line)).length;
  };
  assert.equal(restless(0), 1);
  assert.equal(restless(before!.atNs + 1), 3, "what began after a frame was not left out of it");
});

Deno.test("Files that were left out are counted, and have no rate when they come", () => {
  const trace = new ScriptedTrace(1);
  const passes = (model: Model, request?: SnapshotRequest) => {
    trace.pass(500);
    return told(model, trace.events(request));
  };
  const first = passes(exampleModel(SIZE, { view: "files" }, new ScriptedTrace(2)), {
    tables: ["files"],
    maxFiles: 2,
  });
  const model = passes(passes(first, { tables: ["files"], maxFiles: 2 }), { tables: ["files"], maxFiles: 2 });
  assert.match(frame(model)[HEAD_ROWS], /^ The 2 of 7 files with most time;/);
  const whole = frame(passes(model));
  assert.match(whole[HEAD_ROWS], /CALLS\/S/);
  const rates = whole.slice(HEAD_ROWS + 1, HEAD_ROWS + 8).map((line) => line.slice(1).trim().split(/ +/)[0]);
  assert.equal(rates.filter((rate) => rate === "0").length, 5, rates.join());
});

Deno.test("What stands still has all tables of its moment", () => {
  const trace = new ScriptedTrace(1);
  trace.pass(300);
  const start = { ...exampleModel(SIZE, { view: "syscalls" }) };
  const partial = told(start, [{
    kind: "sample",
    sample: { atNs: 9e9, stats: trace.stats({ tables: [] }), tables: [] },
  }]);
  const paused = told(pressed(partial, " "), [{
    kind: "whole",
    sample: { atNs: 9e9, stats: trace.stats() },
  }]);
  assert.match(frame(pressed(paused, "3", "d")).join("\n"), /home\/ada\//);
  assert.match(frame(pressed(paused, "4", "right")).join("\n"), /huffman_tables/);
});

Deno.test("Keys that come before a filter is in force change what was asked for", () => {
  let model = exampleModel(SIZE, { view: "syscalls" });
  const asks = (key: string) => {
    const { effects, model: next } = press(model, key);
    model = next;
    const [effect] = effects;
    assert.ok(effect?.kind === "set-filter", key);
    return effect;
  };
  const inForce = (effect: ReturnType<typeof asks>) =>
    model = update(model, { ...effect, kind: "filter-set", atNs: 1 }).model;
  model = pressed(model, "f", ..."failed");
  const typed = asks("enter");
  model = pressed(model, "escape");
  const narrowed = asks("enter");
  assert.deepEqual(conditions([narrowed]), ["failed", "syscall = fsync"]);
  assert.match(frame(model).at(-2)!, /all selected calls/, "nothing is in force yet");
  inForce(typed);
  assert.match(frame(model).at(-2)!, /only failed$/);
  const [first, second] = [asks("backspace"), asks("backspace")];
  assert.deepEqual([conditions([first]), conditions([second])], [["failed"], []]);
  for (const effect of [narrowed, first, second]) inForce(effect);
  assert.match(frame(model).at(-2)!, /all selected calls/);
  const family = asks("]");
  const refused = update(model, { ...family, kind: "filter-refused", message: "No" }).model;
  assert.deepEqual(press(refused, "backspace").effects, [], "what is refused is asked for no longer");
});

Deno.test("A sample soon after another takes its place, so that rates are of a time that is long enough", () => {
  const trace = new ScriptedTrace(1);
  let model = exampleModel(SIZE, { view: "syscalls", leastRateNs: 100e6 }, trace);
  const passes = (calls: number, afterMs: number, tables?: SnapshotRequest["tables"]) => {
    trace.pass(calls);
    const atNs = model.data.elapsedNs + afterMs * 1e6;
    model = told(model, [
      { kind: "sample", sample: { atNs, stats: trace.stats({ tables }), tables } },
      { ...trace.events()[1], elapsedNs: atNs } as Event,
    ]);
    return / ([0-9,]+) calls\/s/.exec(frame(model)[1])?.[1];
  };
  const { length } = model.data.history;
  assert.equal(passes(100, 200), "500");
  assert.equal(passes(25, 50), "500");
  assert.equal(model.data.history.length, length + 1);
  assert.equal(passes(400, 200), "2,000", "the sample that came soon is one to count from");
  trace.reset();
  model = told(model, [{ kind: "baseline", atNs: model.data.elapsedNs }]);
  assert.equal(passes(10, 2), "0", "calls of the time before the baseline are no rate");
  assert.equal(passes(100, 200), "500");
});

Deno.test("A table that was not asked for has no rates, whatever samples come between", () => {
  const trace = new ScriptedTrace(1);
  const model = exampleModel(SIZE, { view: "syscalls", leastRateNs: 1e9 }, trace);
  const sample = (atNs: number, tables?: SnapshotRequest["tables"]) => {
    trace.pass(300);
    return { atNs, stats: trace.stats({ tables }), tables };
  };
  const rates = (state: Model) =>
    new Set(
      frame(pressed(state, "3")).filter((line) => line.includes("/home/")).map((line) =>
        line.slice(1).trim().split(/ +/)[0]
      ),
    );
  const partial = told(model, [9e9, 19e9].map((atNs) => ({ kind: "sample", sample: sample(atNs, []) })));
  const near = told(partial, [{ kind: "sample", sample: sample(19.1e9) }]);
  assert.deepEqual([...rates(near)], ["0"]);
  const paused = told(pressed(partial, " "), [{ kind: "whole", sample: sample(19.4e9) }]);
  assert.deepEqual([...rates(paused)], ["0"]);
  const calls = (state: Model) => state.data.now!.stats.calls;
  const [{ now, before }, counted] = [paused.frozen!, calls(partial)];
  assert.equal(now!.stats.calls - before!.stats.calls, calls(near) + 300 - (counted - 300));
  assert.equal(now!.atNs - before!.atNs, 10.4e9, "its rates are of the time up to the pause");
});

Deno.test("Loss, warnings, the state of a recording and the end of the trace are on every view", () => {
  const trace = new ScriptedTrace(1);
  trace.pass(10);
  trace.lost = 3;
  for (const { id } of VIEW_LIST) {
    const model = told(exampleModel(SIZE, { view: id }), trace.events());
    const [, progress] = trace.events();
    assert.ok(progress.kind === "progress");
    const recording = { path: "a.parquet", rows: 12, dropped: 0, lastError: null };
    const lines = frame(told(model, [{ ...progress, recording, warnings: 2 }, { kind: "ended" }]));
    assert.match(lines[0], /ended/);
    assert.match(lines[1], /3 LOST/);
    assert.match(lines.at(-2)!, /2 warnings \(7\) {2}recording 12 rows/);
  }
});

Deno.test("Calls without names are on every view", () => {
  const trace = new ScriptedTrace(1);
  trace.pass(10);
  trace.unnamed = 1234;
  for (const { id } of VIEW_LIST) {
    const model = told(exampleModel(SIZE, { view: id }), trace.events());
    assert.match(frame(model)[1], /none lost, 1,234 on \[unknown\]/);
  }
});

Deno.test("Requests to io_uring that are not traced are on every view", () => {
  const trace = new ScriptedTrace(1);
  trace.pass(10);
  for (
    const [count, lost, text] of [[1, 0, "1 io_uring request not traced, none lost"], [
      1234,
      5,
      "1,234 io_uring requests not traced, 5 LOST",
    ]] as const
  ) {
    [trace.untracedRequests, trace.lost] = [count, lost];
    for (const { id } of VIEW_LIST) {
      assert.ok(frame(told(exampleModel(SIZE, { view: id }), trace.events()))[1].includes(text), id);
    }
  }
});

Deno.test("Choosing a process takes the place of the one chosen before, and all takes it away", () => {
  const model = exampleModel(SIZE);
  const first = press(pressed(model, "p", ..."make"), "enter");
  assert.deepEqual(conditions(first.effects), ["pid = 4100"]);
  const [effect] = first.effects;
  assert.ok(effect.kind === "set-filter");
  const chosen = { ...model, filters: effect.filters };
  assert.deepEqual(conditions(press(pressed(chosen, "p", ..."cc1"), "enter").effects), ["pid = 4123"]);
  assert.deepEqual(conditions(press(pressed(chosen, "p"), "enter").effects), []);
});

Deno.test("A thread is chosen as a process is, and takes its place", () => {
  const model = exampleModel(SIZE);
  const dialog = pressed(model, "t");
  assert.match(frame(dialog).join("\n"), /Which thread[^]*TID[^]*every thread/);
  const process = press(pressed(model, "p", ..."cc1"), "enter").effects[0];
  assert.ok(process.kind === "set-filter");
  const narrowed = { ...model, filters: process.filters };
  assert.deepEqual(conditions(press(pressed(narrowed, "t", "down"), "enter").effects), ["tid = 4222"]);
  assert.deepEqual(press(dialog, "tab").effects, [], "only a process can be followed");
});

/** The state under the conditions that a key asks for. */
function filtered(model: Model, key: string): Model {
  const { effects: [effect] } = press(model, key);
  assert.ok(effect?.kind === "set-filter", key);
  return { ...model, filters: effect.filters };
}

Deno.test("Families follow each other among those that are traced, each in place of the one before", () => {
  const traced = exampleModel(SIZE);
  const inFamily = (state: Model) =>
    conditions([{ kind: "set-filter", filters: state.filters, typed: null }]);
  const families = [
    ...new Set(traced.data.probes.filter(({ active }) => active).map(({ family }) => family)),
  ];
  let model = traced;
  const seen: string[][] = [];
  for (let i = 0; i <= families.length; i++) seen.push(inFamily(model = filtered(model, "]")));
  assert.deepEqual(seen.slice(0, -1).flat().sort(), families.map((name) => `family = ${name}`).sort());
  assert.deepEqual(seen.at(-1), [], "after the last one all of them");
  assert.deepEqual(inFamily(filtered(filtered(model, "["), "]")), []);
  // What a recording holds is not known: every family is a choice.
  const played = { ...traced, data: { ...traced.data, probes: [] } };
  assert.deepEqual(inFamily(filtered(played, "[")), ["family = Misc"]);
});

Deno.test("c takes every condition away, also what was typed", () => {
  const model = exampleModel(SIZE, { view: "syscalls" });
  const typed = press(pressed(model, "f", ..."failed"), "enter").effects[0];
  assert.ok(typed.kind === "set-filter");
  const narrowed = filtered({ ...model, filters: typed.filters }, "enter");
  assert.equal(filtered(narrowed, "c").filters.typed, null);
  assert.deepEqual(filtered(narrowed, "c").filters.pushed, []);
  assert.deepEqual(press(model, "c").effects, []);
});

Deno.test("I goes through the times after which counts begin again", () => {
  const model = exampleModel(SIZE);
  const times = ["I", "II", "III", "IIII"].map((keys) => pressed(model, ...keys).resetEveryMs);
  assert.deepEqual(times, [10_000, 30_000, 60_000, null]);
  assert.match(frame(pressed(model, "I")).join("\n"), /Counts begin again every 10\.0s/);
  assert.equal(pressed({ ...model, resetEveryMs: 7_000 }, "I").resetEveryMs, null);
});

Deno.test("Probes: a call, a family, all of them; with a text only the calls that have it", () => {
  const model = exampleModel(SIZE);
  const asked = (state: Model, key: string) => press(state, key).effects;
  const dialog = pressed(model, "o");
  const [first] = model.data.probes;
  assert.deepEqual(asked(dialog, " "), [{ kind: "toggle-calls", syscalls: [first.syscall] }]);
  assert.deepEqual(asked(dialog, "n"), [{ kind: "set-all-calls", active: false }]);
  assert.deepEqual(asked(dialog, "a"), [{ kind: "set-all-calls", active: true }]);
  assert.deepEqual(asked(pressed(dialog, "tab"), " "), [{ kind: "toggle-family", family: first.family }]);
  const found = pressed(dialog, "/", ..."pread", "enter");
  const named = model.data.probes.map(({ syscall }) => syscall).filter((name) => name.includes("pread"));
  assert.deepEqual(asked(found, "n"), [{ kind: "toggle-calls", syscalls: named }]);
  assert.deepEqual(asked(found, "a"), []);
});
