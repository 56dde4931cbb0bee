import assert from "node:assert/strict";
import { layoutTree, WIDTHS, widthsOf } from "../../../cli/flame/html/page/layout.js";
import { METRICS, type Profile, profileOf } from "../../../cli/flame/html/page/profile.js";
import { buildTree, type Tree } from "../../../cli/flame/html/page/tree.js";
import { encodePage } from "../../../cli/flame/html/page_data.ts";
import { type FlameProfile, TRIE_METRICS, type TrieMetric } from "../../../runtime/flame.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { busyProfile, profileOfStacks } from "./html_profiles.ts";

/** A profile as the page's script has it. */
function inPage(profile: FlameProfile, before?: Record<TrieMetric, Float64Array>): Profile {
  return profileOf(JSON.parse(encodePage({ title: "", facts: [], metric: "count", profile, before })));
}

/** Every node with the names above it and its own values, sorted: the same for equal trees however they are numbered. */
function linesOf({ length, parent, field, name, own }: Tree, { fields, names }: Profile): string[] {
  const texts = [""];
  const lines: string[] = [];
  for (let node = 0; node < length; node++) {
    if (node > 0) texts[node] = `${texts[parent[node]]}/${fields[field[node]]}:${names[name[node]]}`;
    lines.push(`${texts[node]} ${own.map((column) => column[node]).join()}`);
  }
  return lines.sort();
}

/** The same by maps and strings, as plainly as can be. */
function naiveLines(profile: FlameProfile, order: number[], reversed: boolean): string[] {
  const { parent, field, name, names, fields, own } = profile;
  const sums = new Map<string, number[]>([["", [0, 0, 0, 0]]]);
  for (let node = 0; node < profile.length; node++) {
    const values = TRIE_METRICS.map((metric) => own[metric][node]);
    if (values.every((value) => value === 0)) continue;
    const frames: { field: number; name: string }[] = [];
    for (let at = node; at > 0; at = parent[at]) {
      frames.unshift({ field: field[at], name: names[name[at]] });
    }
    const shown = order.flatMap((index) => {
      const group = frames.filter((frame) => frame.field === index);
      return group.length === 0 && frames.some((frame) => frame.name === "[other]")
        ? [{ field: index, name: "[other]" }]
        : group;
    });
    let text = "";
    for (const frame of reversed ? shown.reverse() : shown) {
      text += `/${fields[frame.field]}:${frame.name}`;
      if (!sums.has(text)) sums.set(text, [0, 0, 0, 0]);
    }
    const into = sums.get(text)!;
    values.forEach((value, i) => into[i] += value);
  }
  return [...sums].map(([text, values]) => `${text} ${values.join()}`).sort();
}

Deno.test("A tree in any order of any fields has the stacks of the profile, and its totals", () => {
  const next = random(testSeed());
  const profile = busyProfile(next);
  const page = inPage(profile);
  const orders = [[0, 1, 2, 3], [1, 2], [2], [3, 2, 1, 0], [1, 0, 3], [0]];
  for (const order of orders) {
    for (const reversed of [false, true]) {
      const tree = buildTree(page, order, reversed);
      assert.deepEqual(linesOf(tree, page), naiveLines(profile, order, reversed));
      for (const [i, metric] of TRIE_METRICS.entries()) {
        assert.equal(tree.total[i][0], profile.own[metric].reduce((a, b) => a + b));
      }
      for (let node = 1; node < tree.length; node++) {
        assert.ok(tree.parent[node] < node);
        assert.equal(tree.depth[node], tree.depth[tree.parent[node]] + 1);
      }
    }
  }
});

Deno.test("A stack that was folded shows [other] for the fields that it lost", () => {
  const profile = profileOfStacks(["path", "comm"], [
    { frames: [["path", "/usr"], ["path", "[other]"]], values: { count: 5 } },
    { frames: [["path", "/usr"], ["path", "lib"], ["comm", "dd"]], values: { count: 2 } },
    { frames: [["comm", "dd"]], values: { count: 1 } },
  ]);
  const page = inPage(profile);
  assert.deepEqual(linesOf(buildTree(page, [1, 0], false), page), [
    " 0,0,0,0",
    "/comm:[other] 0,0,0,0",
    "/comm:[other]/path:/usr 0,0,0,0",
    "/comm:[other]/path:/usr/path:[other] 5,0,0,0",
    "/comm:dd 1,0,0,0",
    "/comm:dd/path:/usr 0,0,0,0",
    "/comm:dd/path:/usr/path:lib 2,0,0,0",
  ]);
});

Deno.test("A profile of nothing, of one frame and of unknown fields has a tree", () => {
  const nothing = buildTree(inPage(profileOfStacks(["path"], [])), [0], false);
  assert.equal(nothing.length, 1);
  const root = inPage(profileOfStacks([], [{ frames: [], values: { count: 3 } }]));
  assert.deepEqual([...buildTree(root, [0], true).total[0]], [3]);
});

Deno.test("Frames lie within their parent, side by side, the widest first", () => {
  const page = inPage(busyProfile(random(testSeed())));
  const tree = buildTree(page, [2, 0], false);
  for (const metric of METRICS.keys()) {
    const width = widthsOf(tree, metric, "after");
    const { start, first, count, children, deepest, row } = layoutTree(tree, width, page);
    let shown = 0;
    for (let node = 0; node < tree.length; node++) {
      let end = start[node];
      let widest = Infinity;
      for (const child of children.subarray(first[node], first[node] + count[node])) {
        assert.equal(tree.parent[child], node);
        assert.equal(start[child], end);
        assert.ok(width[child] > 0 && width[child] <= widest);
        assert.ok(deepest[child] <= deepest[node]);
        widest = width[child];
        end += width[child];
        shown++;
      }
      const below = children.subarray(first[node], first[node] + count[node]);
      assert.equal(deepest[node], Math.max(row[node], ...[...below].map((child) => deepest[child])));
      assert.equal(end, start[node] + width[node] - tree.own[metric][node]);
    }
    assert.equal(shown, width.filter((value, node) => node > 0 && value > 0).length);
  }
});

Deno.test("A part of a path that is all of the part above it is in one box with it, in any order", () => {
  const page = inPage(busyProfile(random(testSeed())));
  for (const order of [[0, 1, 2], [1, 0]]) {
    for (const reversed of [false, true]) {
      const tree = buildTree(page, order, reversed);
      for (const metric of METRICS.keys()) {
        const { width, start, count, row, head, tail } = layoutTree(tree, tree.total[metric], page);
        for (let node = 1; node < tree.length; node++) {
          const parent = tree.parent[node];
          const isChain = parent > 0 && width[node] > 0 && width[node] === width[parent] &&
            [node, parent].every((part) => page.fields[tree.field[part]] === "path");
          assert.equal(row[node], row[parent] + (isChain ? 0 : 1));
          assert.equal(head[node], isChain ? head[parent] : node);
          assert.equal(tail[node], tail[tail[node]]);
          assert.equal(head[tail[node]], head[node]);
          if (!isChain) continue;
          assert.equal(tail[node], tail[parent]);
          assert.deepEqual([start[parent], count[parent]], [start[node], 1]);
        }
      }
    }
  }
});

Deno.test("The widths of a comparison are those of a side, or of the larger one for each stack", () => {
  const profile = profileOfStacks(["comm", "syscall"], [
    { frames: [["comm", "a"], ["syscall", "read"]], values: { count: 10 } },
    { frames: [["comm", "a"], ["syscall", "write"]], values: { count: 0 } },
    { frames: [["comm", "b"], ["syscall", "read"]], values: { count: 1 } },
  ]);
  const { length } = profile;
  const before = Object.fromEntries(
    TRIE_METRICS.map((metric) => [metric, new Float64Array(length)]),
  ) as Record<
    TrieMetric,
    Float64Array
  >;
  // a;read, a;write and b;read.
  before.count.set([0, 0, 4, 7, 0, 0]);
  const page = inPage(profile, before);
  const tree = buildTree(page, [1], false);
  const byName = (values: Float64Array) =>
    Object.fromEntries([...values].map((value, node) => [page.names[tree.name[node]], value]));
  const widths = Object.fromEntries(WIDTHS.map((side) => [side, byName(widthsOf(tree, 0, side))]));
  assert.deepEqual(widths, {
    after: { "": 11, read: 11, write: 0 },
    before: { "": 11, read: 4, write: 7 },
    larger: { "": 18, read: 11, write: 7 },
  });
});
