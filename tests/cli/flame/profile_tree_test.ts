import assert from "node:assert/strict";
import { frameName, fullFrameName } from "../../../cli/flame/frame_names.ts";
import { ProfileBuilder } from "../../../cli/flame/profile_builder.ts";
import { flameTotals, flameTree } from "../../../cli/flame/profile_tree.ts";
import { TRIE_METRICS } from "../../../runtime/flame.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { callFrames, exampleProfile, profileOf, randomProfile, sum } from "./profiles.ts";

Deno.test("Siblings are in the order of their totals, then of their names", () => {
  const profile = profileOf(["comm"], [
    [[["comm", "b"]], { count: 2 }],
    [[["comm", "c"]], { count: 5 }],
    [[["comm", "a"]], { count: 2 }],
  ]);
  const { node, start, total } = flameTree(profile, profile.own.count);
  assert.deepEqual([...node].map((each) => frameName(profile, each)), ["all", "c", "a", "b"]);
  assert.deepEqual([...start], [0, 0, 5, 7]);
  assert.deepEqual([...total], [9, 5, 2, 2]);
});

Deno.test("Frames without a value on or in them are left out", () => {
  const profile = exampleProfile();
  const { node } = flameTree(profile, profile.own.bytes);
  assert.deepEqual([...node].map((each) => frameName(profile, each)), [
    "all",
    "dd",
    "read",
    "/dev",
    "zero",
    "write",
    "/var",
    "tmp",
    "out.img",
    "systemd-journal",
    "write",
  ]);
});

Deno.test("A flamegraph of nothing has its root only", () => {
  const profile = profileOf(["comm"], []);
  const tree = flameTree(profile, profile.own.count);
  assert.deepEqual([tree.length, tree.total[0], tree.end[0]], [1, 0, 1]);
});

Deno.test("The depth of a path has no limit", () => {
  const depth = 100_000;
  const builder = new ProfileBuilder(["path"]);
  let deepest = 0;
  for (let i = 0; i < depth; i++) deepest = builder.node(deepest, 0, "d");
  const shape = builder.shape();
  const own = new Float64Array(shape.length);
  own[deepest] = 1;
  const tree = flameTree(shape, own);
  assert.equal(tree.length, depth + 1);
  assert.equal(tree.depth[depth], depth);
  assert.equal(tree.total[0], 1);
});

Deno.test("Part of a path has its folders in its full name, other frames stand for themselves", () => {
  const profile = profileOf(["path", "comm"], [
    [[["path", "/"], ["path", "etc"], ["comm", "sh"]], { count: 1 }],
    [[["path", "/usr"], ["path", "lib"], ["path", ""]], { count: 1 }],
  ]);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map((node) => fullFrameName(profile, node)), [
    "all",
    "/",
    "/etc",
    "sh",
    "/usr",
    "/usr/lib",
    "/usr/lib/(blank)",
  ]);
  const calls = profileOf(["comm", "syscall", "path"], [[callFrames("a", "read", "/x", "y"), { count: 1 }]]);
  assert.equal(fullFrameName(calls, 4), "/x/y");
});

Deno.test("Totals, places and extents agree in any flamegraph", () => {
  const next = random(testSeed());
  for (let round = 0; round < 20; round++) {
    const profile = randomProfile(next, 60);
    for (const metric of TRIE_METRICS) {
      const own = profile.own[metric];
      const totals = flameTotals(profile, own);
      const tree = flameTree(profile, own);
      assert.equal(tree.total[0], sum(own));
      assert.equal(tree.end[0], tree.length);
      assert.equal(tree.length, Math.max(1, totals.filter((total) => total > 0).length));
      const filled = new Float64Array(tree.length);
      for (let row = 1; row < tree.length; row++) {
        const parent = tree.parent[row];
        assert.ok(parent < row && row < tree.end[parent] && tree.end[row] <= tree.end[parent]);
        assert.equal(tree.depth[row], tree.depth[parent] + 1);
        assert.equal(tree.total[row], totals[tree.node[row]]);
        assert.equal(tree.start[row], tree.start[parent] + filled[parent]);
        filled[parent] += tree.total[row];
      }
      for (let row = 0; row < tree.length; row++) {
        assert.equal(filled[row] + own[tree.node[row]], tree.total[row]);
      }
    }
  }
});
