import assert from "node:assert/strict";
import { renderFrame } from "../../../cli/top/frame.ts";
import { lineWidth, paintedText, plainText } from "../../../cli/top/line.ts";
import type { Model } from "../../../cli/top/mod.ts";
import { formatDuration } from "../../../cli/text/format.ts";
import { type Filters, filterTexts } from "../../../cli/top/filters.ts";
import { VIEW_IDS } from "../../../cli/top/model.ts";
import { assertGolden } from "../../golden.ts";
import { emptyModel, exampleModel, pressed, pressedEffects, ScriptedTrace } from "./scripted.ts";

const SIZES = [{ columns: 80, rows: 24 }, { columns: 132, rows: 40 }, { columns: 40, rows: 10 }];

/** The frame as text, in a box that shows its size. */
function boxed(model: Model): string {
  const { lines, cursor } = renderFrame(model);
  assert.equal(lines.length, model.rows);
  for (const line of lines) assert.ok(lineWidth(line) <= model.columns, plainText(line));
  const place = cursor === null ? "" : ` cursor ${cursor.column},${cursor.row}`;
  const text = lines.map((line) => `${plainText(line)}\n`).join("");
  return `--- ${model.columns}x${model.rows}${place}\n${text}`;
}

for (const view of VIEW_IDS) {
  Deno.test(`The view ${view}, at several sizes, in ASCII, and before anything has come`, async () => {
    const hasExtras = view === "mapped" || view === "stacks";
    const known = { hasStacks: hasExtras, hasMapped: hasExtras };
    const example = async (size: typeof SIZES[number], change: Partial<Model> = {}) =>
      boxed(
        exampleModel(size, { view, ...known, ...change }, await new ScriptedTrace(7, hasExtras).followed()),
      );
    const frames = [];
    for (const size of SIZES) frames.push(await example(size));
    frames.push(await example(SIZES[0], { ascii: true }));
    frames.push(boxed({ ...emptyModel({ columns: 60, rows: 10 }), view }));
    assertGolden(`top/${view}.txt`, frames.join(""));
  });
}

Deno.test("What is known of waits and the page cache is in every table that has room, and in the detail of a row", () => {
  const frames = (["overview", "syscalls", "files", "processes"] as const).flatMap((view) =>
    SIZES.map((size) => exampleModel(size, { view }, new ScriptedTrace(7, true)))
  );
  frames.push(
    pressed(exampleModel(SIZES[1], { view: "stream" }, new ScriptedTrace(7, true)), "enter", "end"),
  );
  assertGolden("top/extras.txt", frames.map(boxed).join(""));
});

Deno.test("A view that the trace has nothing for is not among the views, and says which option it needs", () => {
  const tabs = (change: Partial<Model>) => boxed(exampleModel(SIZES[1], change)).split("\n")[1];
  assert.doesNotMatch(tabs({}), /Mapped|Stacks/);
  assert.match(tabs({ hasMapped: true, hasStacks: true }), /9 Mapped +0 Stacks/);
  for (const [key, option, view] of [["9", "--cache", "mapped"], ["0", "--stacks", "stacks"]] as const) {
    const without = pressed(exampleModel(SIZES[0]), key);
    assert.equal(without.view, "overview");
    assert.match(boxed(without), new RegExp(`start ior top with ${option}`));
    const known = exampleModel(SIZES[0], { hasMapped: true, hasStacks: true });
    assert.equal(pressed(known, key).view, view);
    assert.match(boxed(exampleModel(SIZES[0], { view })), new RegExp(`with ${option}`));
  }
  const last = exampleModel(SIZES[0], { view: "opens" });
  assert.deepEqual([pressed(last, "tab").view, pressed(exampleModel(SIZES[0]), "shift-tab").view], [
    "overview",
    "opens",
  ]);
  assert.equal(pressed({ ...last, hasStacks: true }, "tab").view, "stacks");
});

Deno.test("The whole stack of a row that is moved to is above the table, as far as three lines go", () => {
  const model = exampleModel(SIZES[0], { view: "stacks", hasStacks: true }, new ScriptedTrace(7, true));
  assert.doesNotMatch(boxed(model), / > /);
  assert.match(boxed(pressed(model, "down")), /^ main > compile > read_header$/m);
  assert.doesNotMatch(boxed(pressed({ ...model, rows: 12 }, "down")), / > /);
});

Deno.test("However large counts are, they stay in their columns", async () => {
  const many = 12_345_678;
  const size = { columns: 200, rows: 30 };
  const calls = exampleModel(size, { view: "syscalls" });
  const now = calls.data.now!;
  const syscalls = now.stats.syscalls.map((row) => ({ ...row, calls: 1000 * many, errors: many }));
  const told = { ...calls, data: { ...calls.data, now: { ...now, stats: { ...now.stats, syscalls } } } };
  const rows = renderFrame(told).lines.map(plainText).filter((line) => line.includes("fsync"));
  assert.match(rows[0], / 1\.23e\+10 +1\.23e\+7 /);
  const max = syscalls.find(({ syscall }) => syscall === "fsync")!.maxNs;
  assert.ok(rows[0].endsWith(` ${formatDuration(max)}`), rows[0]);

  const opens = exampleModel(size, { view: "opens" }, await new ScriptedTrace(7).followed());
  const sessions = opens.data.sessions!;
  const large = sessions.sessions.map((row) => ({ ...row, calls: many, seeks: many, syncs: many }));
  const shown = { ...opens, data: { ...opens.data, sessions: { ...sessions, sessions: large } } };
  const lines = renderFrame(shown).lines.map(plainText);
  const heading = lines.findIndex((line) => line.includes("SEEKS"));
  assert.ok(heading >= 0);
  const at = lines[heading].indexOf("FILE");
  for (const line of lines.slice(heading + 1, -2)) {
    assert.match(line.slice(at - 2, at + 1), /^ {2}\S$/, line);
  }
});

Deno.test("A stack is narrowed to as it is, a mapped file by its path; what has no name is not", () => {
  const narrowed = (view: "mapped" | "stacks", ...keys: string[]) => {
    const model = exampleModel(
      SIZES[0],
      { view, hasMapped: true, hasStacks: true },
      new ScriptedTrace(7, true),
    );
    return pressedEffects(model, ...keys, "enter");
  };
  const [effect] = narrowed("stacks");
  assert.ok(effect.kind === "set-filter");
  assert.match(filterTexts(effect.filters).join(), /^stack = "main;/);
  const [file] = narrowed("mapped");
  assert.ok(file.kind === "set-filter");
  assert.match(filterTexts(file.filters).join(), /^path = .*huffman_tables\.h/);
  assert.deepEqual(pressedEffects(exampleModel(SIZES[0], { view: "stacks", hasStacks: true }), "enter"), []);
});

Deno.test("Frames in ASCII have nothing else", () => {
  for (const view of VIEW_IDS) {
    const model = exampleModel(SIZES[1], { view, ascii: true });
    for (const key of ["", "?", "p", "t", "O", "enter", "f"]) {
      const text = boxed(key === "" ? model : pressed(model, key));
      assert.match(text, /^[ -~\n]*$/, `${view} ${key}`);
    }
  }
});

Deno.test("In ASCII what is said, a mistake and the conditions are in ASCII too, each backslash once", () => {
  const model = { ...exampleModel(SIZES[1], { ascii: true }) };
  const said = boxed({ ...model, notice: { text: "Saved as /tmp/\u00e9\\n.txt", style: "good" } });
  assert.match(said, /Saved as \/tmp\/\\xe9\\n\.txt/);
  const asked = pressed(model, "f", ..."comm = é", "enter");
  assert.match(boxed(pressed(asked, ..." and 表")), /^[ -~\n]*$/);
  assert.match(boxed(pressed(model, "f", ..."é = 1", "enter")), /^[ -~\n]*$/);
  const filters: Filters = {
    typed: { kind: "text", field: "comm", operator: "=~", values: ["é\\d"] },
    pushed: [],
  };
  const own = boxed({ ...model, filters }).split("\n").find((line) => line.startsWith(" only "))!;
  const unicode = boxed({ ...model, ascii: false, filters }).split("\n").find((line) =>
    line.startsWith(" only ")
  )!;
  assert.equal(own.trim(), unicode.trim().replace("é", "\\xe9"));
});

Deno.test("Trees unfold: directories, and a process into its threads and files", () => {
  const files = pressed(exampleModel(SIZES[0], { view: "files" }), "d", "down", "right");
  const processes = pressed(exampleModel(SIZES[0], { view: "processes" }), "right", "down");
  assertGolden("top/trees.txt", [files, processes].map(boxed).join(""));
});

Deno.test("Dialogs: help, filter with an error, processes, threads, probes, a row, the life of a descriptor, sorting", () => {
  const stream = exampleModel(SIZES[0], { view: "stream" });
  const frames = [
    pressed(stream, "?"),
    pressed(exampleModel(SIZES[0], { view: "syscalls" }), "?"),
    pressed(stream, "f", ..."latency > 5 parsecs", "enter"),
    pressed(stream, "p", ..."cc"),
    pressed(stream, "t"),
    pressed(stream, "O", "down"),
    pressed(stream, "O", "tab"),
    pressed(stream, "up", "up", "enter", "down"),
    pressed(stream, "up", "T"),
    pressed(exampleModel(SIZES[0], { view: "syscalls" }), "s"),
    pressed(stream, "e"),
  ];
  assertGolden("top/dialogs.txt", frames.map(boxed).join(""));
});

Deno.test("A terminal that is too small is told so, down to one cell", () => {
  for (const [columns, rows] of [[39, 24], [80, 9], [20, 3], [1, 1]]) {
    const { lines } = renderFrame(exampleModel({ columns, rows }));
    assert.equal(lines.length, rows);
    assert.equal(
      plainText(lines[0]),
      `Too small: ${columns}x${rows}, at least 40x10`.slice(0, columns).trimEnd(),
    );
  }
});

Deno.test("With colours a frame has the same words", () => {
  for (const line of renderFrame(exampleModel(SIZES[0], { view: "stream" })).lines) {
    // deno-lint-ignore no-control-regex
    assert.equal(paintedText(line).replace(/\x1b\[[0-9;]*m/g, ""), plainText(line));
  }
});
