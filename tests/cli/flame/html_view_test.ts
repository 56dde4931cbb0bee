import assert from "node:assert/strict";
import * as page from "../../../cli/flame/html/page/format.js";
import { FlameModel } from "../../../cli/flame/html/page/model.js";
import { showName } from "../../../cli/flame/html/page/names.js";
import { profileOf } from "../../../cli/flame/html/page/profile.js";
import { rankFrames, sortRanking } from "../../../cli/flame/html/page/ranking.js";
import { boxAt, visibleBoxes } from "../../../cli/flame/html/page/visible.js";
import { encodePage } from "../../../cli/flame/html/page_data.ts";
import { escapeText } from "../../../cli/text/escape.ts";
import type { FlameProfile } from "../../../runtime/flame.ts";
import { describeFrame } from "../../../cli/flame/html/page/describe.js";
import { random, testSeed } from "../../engine/batches.ts";
import { busyProfile, HOSTILE_NAMES, largeProfile, pathFrames, profileOfStacks } from "./html_profiles.ts";

function modelOf(profile: FlameProfile): FlameModel {
  return new FlameModel(
    profileOf(JSON.parse(encodePage({ title: "", facts: [], metric: "count", profile }))),
  );
}

const FILES = profileOfStacks(["path", "syscall"], [
  { frames: [...pathFrames("/usr/lib/a.so"), ["syscall", "read"]], values: { count: 50, bytes: 1 } },
  { frames: [...pathFrames("/usr/lib/lib"), ["syscall", "read"]], values: { count: 30 } },
  { frames: [...pathFrames("/usr/share/lib"), ["syscall", "write"]], values: { count: 15 } },
  { frames: [...pathFrames("/etc/Passwd"), ["syscall", "openat"]], values: { count: 5 } },
]);

/** The node with these names from the root on. */
function nodeOf(model: FlameModel, ...names: string[]): number {
  const found = [...Array(model.tree.length).keys()].find((node) =>
    model.stackOf(node).join(" ") === names.join(" ")
  );
  assert.ok(found !== undefined, names.join(" "));
  return found;
}

Deno.test("The page says exact values with their unit, and changes with their sign", () => {
  const exact = (unit: string, value: number) => page.formatExact({ kind: "count", unit }, value);
  assert.equal(exact("calls", 1), "1 call");
  assert.equal(exact("ns", 1), "1 ns");
  assert.equal(exact("bytes", 9_007_199_254_740_991), "9,007,199,254,740,991 bytes");
  assert.equal(page.formatValue("duration", -1500), "−1.50µs");
  const changes = [[1, 1], [0, 5], [5, 0], [100, 134], [200, 100], [100_000, 100_001]];
  assert.deepEqual(changes.map(([before, after]) => page.formatChange(before, after)), [
    "same",
    "new",
    "gone",
    "+34.0%",
    "−50.0%",
    "+<0.1%",
  ]);
});

Deno.test("The page shows names as ior shows them on a terminal, and never nothing", () => {
  const next = random(testSeed());
  const names = HOSTILE_NAMES.filter((name) => name !== "");
  for (let i = 0; i < 500; i++) {
    names.push(String.fromCodePoint(...Array.from({ length: 4 }, () => Math.floor(0x3000 * next()))));
  }
  for (const name of names) assert.equal(showName(name), escapeText(name));
  assert.equal(showName(""), "(empty)");
});

Deno.test("Only boxes that the window can show are listed, and they do not overlap", () => {
  const model = modelOf(largeProfile(20_000, random(1)));
  const window = { widthPx: 1000, top: 2, bottom: 12 };
  for (const zoom of [{ node: 0, skip: 0 }, { node: 1, skip: 0 }, { node: 0, skip: 1 }]) {
    const boxes = visibleBoxes(model.tree, model.layout, zoom, window);
    assert.ok(boxes.node.length > 0 && boxes.node.length < model.tree.length);
    const rows = Map.groupBy(boxes.node.keys(), (i) => boxes.row[i]);
    for (const [row, indexes] of rows) {
      assert.ok(row >= window.top && row < window.bottom);
      let end = -1e-6;
      for (const i of indexes.sort((a, b) => boxes.x[a] - boxes.x[b])) {
        assert.ok(boxes.x[i] >= end - 1e-6, `${boxes.x[i]} ${end}`);
        end = boxes.x[i] + boxes.width[i];
        assert.equal(boxAt(boxes, row, boxes.x[i] + boxes.width[i] / 2), i);
      }
      assert.ok(end <= window.widthPx + 1e-6);
    }
    assert.equal(boxAt(boxes, 0, 5), -1);
  }
});

Deno.test("Frames that are too narrow share a box, and a zoom to it shows them", () => {
  const stacks = Array.from({ length: 5000 }, (_, i) => ({
    frames: [["comm", `c${i}`]] as [["comm", string]],
    values: { count: 1 },
  }));
  const model = modelOf(profileOfStacks(["comm"], stacks));
  const window = { widthPx: 1000, top: 0, bottom: 9 };
  const boxes = visibleBoxes(model.tree, model.layout, model.view.zoom, window);
  assert.deepEqual(boxes.rest, [-1, 0]);
  assert.deepEqual(boxes.width, [1000, 1000]);
  model.show({ ...model.view, zoom: { node: 0, skip: 4500 } });
  const zoomed = visibleBoxes(model.tree, model.layout, model.view.zoom, window);
  assert.equal(zoomed.node.length, 501);
  assert.ok(zoomed.rest.every((rest) => rest === -1));
  assert.equal(model.inZoom(zoomed.node[1]), true);
  assert.equal(model.inZoom(boxes.node[0] === 0 ? nodeOf(model, "c0") : 0), false);
});

Deno.test("A path of thousands of parts is laid out, searched and shown", () => {
  const deep = profileOfStacks(["path"], [
    { frames: pathFrames("/a".repeat(4000)), values: { count: 1 } },
  ]);
  const model = modelOf(deep);
  assert.equal(model.layout.deepest[0], 1);
  const window = { widthPx: 100, top: 0, bottom: 10 };
  assert.deepEqual(visibleBoxes(model.tree, model.layout, model.view.zoom, window).node, [0, 4000]);
  assert.equal(model.labelOf(4000), "/a".repeat(4000));
  model.search("a", false);
  assert.equal(model.found.nodes.length, 4000);
});

Deno.test("A stack of thousands of frames is laid out, searched and shown", () => {
  const frames = Array.from({ length: 4000 }, () => ["comm", "a"] as ["comm", string]);
  const model = modelOf(profileOfStacks(["comm"], [{ frames, values: { count: 1 } }]));
  assert.equal(model.layout.deepest[0], 4000);
  const window = { widthPx: 100, top: 3990, bottom: 4010 };
  assert.equal(visibleBoxes(model.tree, model.layout, model.view.zoom, window).node.length, 11);
  model.search("a", false);
  assert.equal(model.found.nodes.length, 4000);
});

Deno.test("Parts of a path in one box are all found, described and zoomed to", () => {
  const model = modelOf(profileOfStacks(["path", "syscall"], [
    { frames: [...pathFrames("/usr/local/include/x.h"), ["syscall", "read"]], values: { count: 3 } },
    { frames: [...pathFrames("/usr/local/include/y.h"), ["syscall", "read"]], values: { count: 2 } },
    { frames: [...pathFrames("/etc/passwd"), ["syscall", "read"]], values: { count: 5, bytes: 7 } },
  ]));
  const shown = () =>
    visibleBoxes(model.tree, model.layout, model.view.zoom, { widthPx: 1000, top: 0, bottom: 9 })
      .node.filter((node) => node > 0).map((node) => model.labelOf(node)).sort();
  const all = ["/etc/passwd", "/usr/local/include", "read", "read", "read", "x.h", "y.h"];
  assert.deepEqual(shown(), all);
  const local = nodeOf(model, "/usr", "local");
  const include = nodeOf(model, "/usr", "local", "include");
  for (const query of ["/usr", "local", "^include$", "/usr/local$"]) {
    model.search(query, true);
    assert.equal(model.found.width, 5, query);
    assert.equal(model.found.matched?.[include], 1, query);
  }
  assert.match(describeFrame(model, local).sentence, /^\/usr\/local, path: 5 calls/);
  model.show({ ...model.view, zoom: { node: local, skip: 0 } });
  assert.equal(model.view.zoom.node, include);
  assert.deepEqual(shown(), ["/usr/local/include", "read", "read", "x.h", "y.h"]);
  model.show({ ...model.view, zoom: { node: 0, skip: 0 }, reversed: true });
  assert.deepEqual(shown(), ["/etc/passwd", "/usr/local/include/x.h", "/usr/local/include/y.h", "read"]);
});

Deno.test("A search adds up what it matches once", () => {
  const model = modelOf(FILES);
  const found = (query: string, isPattern = false) => {
    model.search(query, isPattern);
    return [model.found.width, model.found.nodes.map((node) => model.stackOf(node).join("/"))];
  };
  assert.deepEqual(found("lib"), [95, ["/usr/lib", "/usr/lib/lib", "/usr/share/lib"]]);
  assert.deepEqual(found("PASSWD"), [5, ["/etc/Passwd"]]);
  assert.deepEqual(found("^passwd$", true), [0, []]);
  assert.deepEqual(found("^(read|openat)$", true), [85, [
    "/usr/lib/a.so/read",
    "/usr/lib/lib/read",
    "/etc/Passwd/openat",
  ]]);
  assert.deepEqual(found("a.so"), [50, ["/usr/lib/a.so"]]);
  assert.deepEqual(found("a?so"), [0, []]);
  assert.deepEqual(found("/usr/share/"), [15, ["/usr/share/lib"]]);
  assert.deepEqual(found("/lib$", true), [95, ["/usr/lib", "/usr/lib/lib", "/usr/share/lib"]]);
  assert.equal(found("")[0], 0);
  assert.equal(model.found.matched, null);
  found("(", true);
  assert.match(model.found.error ?? "", /Unterminated group/);
});

Deno.test("The table has each path and each call once, with all that its frames have together", () => {
  const ranked = rankFrames(modelOf(FILES));
  const rows = sortRanking(ranked, "total", false, 5).map(({ name, field, frames, own, total }) =>
    [name, field, frames, own, total].join(" ")
  );
  assert.deepEqual(rows, [
    "/usr path 1 0 95",
    "/usr/lib path 1 0 80",
    "read syscall 2 80 80",
    "/usr/lib/a.so path 1 0 50",
    "/usr/lib/lib path 1 0 30",
  ]);
  const names = (reversed: boolean) => sortRanking(ranked, "name", reversed, 2).map(({ name }) => name);
  assert.deepEqual([names(false), names(true)], [["/etc", "/etc/Passwd"], ["write", "read"]]);
  assert.equal(sortRanking(ranked, "own", true, 100).length, ranked.length);
});

Deno.test("A frame inside another of the same name counts once in the table", () => {
  const nested = profileOfStacks(["comm", "syscall"], [
    { frames: [["comm", "a"], ["comm", "a"], ["syscall", "read"]], values: { count: 3 } },
    { frames: [["comm", "a"], ["syscall", "read"]], values: { count: 4 } },
  ]);
  const [comm] = rankFrames(modelOf(nested)).filter(({ field }) => field === "comm");
  assert.deepEqual([comm.frames, comm.total], [2, 7]);
});

Deno.test("A path is also found where stacks are reversed", () => {
  const model = modelOf(FILES);
  model.show({ ...model.view, reversed: true });
  model.search("/usr/share/lib", false);
  assert.deepEqual(model.found.nodes.map((node) => model.stackOf(node)), [["write", "lib", "share", "/usr"]]);
});

Deno.test("Matches are visited from left to right, and around", () => {
  const model = modelOf(FILES);
  model.search("lib", false);
  const visited = (direction: 1 | -1, steps: number) => {
    let at = 0;
    return Array.from({ length: steps }, () => model.stackOf(at = model.nextFound(at, direction)).join("/"));
  };
  const all = ["/usr/lib", "/usr/lib/lib", "/usr/share/lib"];
  assert.deepEqual(visited(1, 4), [...all, all[0]]);
  assert.deepEqual(visited(-1, 3), all.toReversed());
  model.search("nothing", false);
  assert.equal(model.nextFound(0, 1), -1);
});

Deno.test("The keyboard moves between parent, children and siblings, and stays at the edges", () => {
  const model = modelOf(FILES);
  const usr = nodeOf(model, "/usr");
  const etc = nodeOf(model, "/etc", "Passwd");
  const lib = nodeOf(model, "/usr", "lib");
  assert.equal(model.neighbour(0, "parent"), 0);
  assert.equal(model.neighbour(0, "next"), 0);
  assert.equal(model.neighbour(0, "child"), usr);
  assert.equal(model.neighbour(usr, "child"), lib);
  assert.equal(model.neighbour(usr, "next"), etc);
  assert.equal(model.neighbour(usr, "previous"), usr);
  assert.equal(model.neighbour(usr, "last"), etc);
  assert.equal(model.neighbour(etc, "next"), etc);
  assert.equal(model.neighbour(etc, "first"), usr);
  assert.equal(model.neighbour(lib, "parent"), usr);
  const leaf = nodeOf(model, "/usr", "lib", "a.so", "read");
  assert.equal(model.neighbour(leaf, "child"), leaf);
});

Deno.test("A zoom stays when the metric changes, or gives way to the nearest frame that has a width", () => {
  const model = modelOf(FILES);
  model.show({ ...model.view, zoom: { node: nodeOf(model, "/usr", "share"), skip: 0 } });
  model.show({ ...model.view, metric: 3 });
  // Of bytes, all that is in /usr is in one file.
  assert.deepEqual(model.view.zoom, { node: nodeOf(model, "/usr", "lib", "a.so"), skip: 0 });
  assert.equal(model.inZoom(0), true);
  assert.equal(model.inZoom(nodeOf(model, "/etc")), false);
});

Deno.test("A view of a busy machine keeps its totals over any change of the view", () => {
  const next = random(testSeed());
  const model = modelOf(busyProfile(next));
  const totals = model.tree.total.map((column) => column[0]);
  for (let i = 0; i < 40; i++) {
    const order = [0, 1, 2, 3].filter(() => next() < 0.6).sort(() => next() - 0.5);
    model.show({
      ...model.view,
      order: order.length === 0 ? [2] : order,
      reversed: next() < 0.5,
      metric: Math.floor(4 * next()),
      zoom: { node: 0, skip: 0 },
    });
    assert.deepEqual(model.tree.total.map((column) => column[0]), totals);
    assert.equal(model.layout.width[0], totals[model.view.metric]);
  }
});
