import assert from "node:assert/strict";
import { DIFF_WIDTHS, diffChange, diffProfiles, diffWidths, isFlameDiff } from "../../../cli/flame/diff.ts";
import { changeColor as changeColorOf, PALETTES, plainFill } from "../../../cli/flame/html/page/colors.js";
import { IorError } from "../../../runtime/errors.ts";
import { TRIE_METRICS } from "../../../runtime/flame.ts";
import { random, testSeed } from "../../engine/batches.ts";
import {
  changedProfile,
  exampleProfile,
  HOSTILE_NAMES,
  profileOf,
  randomProfile,
  stacksOf,
  sum,
} from "./profiles.ts";

const changeColor = (change: number) => changeColorOf(PALETTES.light, change);

Deno.test("A difference has every stack of both flamegraphs with its values in both", () => {
  const next = random(testSeed());
  for (let round = 0; round < 20; round++) {
    const [before, after] = [randomProfile(next, 40), randomProfile(next, 40)];
    const diff = diffProfiles(before, after);
    for (const metric of TRIE_METRICS) {
      assert.deepEqual(stacksOf({ ...diff, own: diff.before }, metric), stacksOf(before, metric));
      assert.deepEqual(stacksOf({ ...diff, own: diff.after }, metric), stacksOf(after, metric));
    }
  }
});

Deno.test("A flamegraph does not differ from itself", () => {
  const diff = diffProfiles(exampleProfile(), exampleProfile());
  assert.equal(diff.length, exampleProfile().length);
  assert.deepEqual(diff.before, diff.after);
  assert.ok(isFlameDiff(diff) && !isFlameDiff(exampleProfile()));
});

Deno.test("Flamegraphs of different frames are not compared", () => {
  const one = profileOf(["comm", "path"], []);
  const other = profileOf(["path", "comm"], []);
  const unknown = profileOf([], []);
  const refused = (error: unknown) =>
    error instanceof IorError && error.code === "usage" &&
    error.message === "Cannot compare the flamegraphs: the first has frames of comm,path, the second of " +
        `${error.message.includes("unknown") ? "an unknown sort" : "path,comm"}, they must be the same`;
  assert.throws(() => diffProfiles(one, other), refused);
  assert.throws(() => diffProfiles(one, unknown), refused);
  assert.equal(diffProfiles(unknown, unknown).length, 1);
});

Deno.test("Widths of a difference are the larger value of each stack, or one side", () => {
  const diff = diffProfiles(exampleProfile(), changedProfile());
  const [larger, before, after] = DIFF_WIDTHS.map((width) => diffWidths(diff, "duration", width));
  assert.deepEqual([before, after], [diff.before.duration, diff.after.duration]);
  assert.ok(larger.every((value, i) => value === Math.max(before[i], after[i])));
  assert.ok(sum(larger) >= Math.max(sum(before), sum(after)));
});

Deno.test("The change of a frame is a part of the larger root, and colours say its direction", () => {
  assert.equal(diffChange(10, 30, 100, 50), 0.2);
  assert.equal(diffChange(30, 0, 50, 100), -0.3);
  assert.equal(diffChange(0, 0, 0, 0), 0);
  const channels = (color: string) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  for (const size of [0.001, 0.1, 1]) {
    const [red, , blue] = channels(changeColor(size));
    const [redLess, , blueLess] = channels(changeColor(-size));
    assert.ok(red > blue && blueLess > redLess);
  }
  const [red, green, blue] = channels(changeColor(0));
  assert.ok(Math.max(red, green, blue) - Math.min(red, green, blue) < 10);
});

Deno.test("Colours of frames belong to their field and name, and are light under dark text", () => {
  const fields = ["path", "comm", "syscall", "pid", "tid", "flags"];
  const fill = plainFill(PALETTES.light, fields);
  for (const name of [...HOSTILE_NAMES, "read", "write", "pread64"]) {
    const colors = fields.map((_, field) => fill(field, name));
    assert.deepEqual(fields.map((_, field) => fill(field, name)), colors);
    assert.equal(new Set(colors).size, fields.length);
    for (const color of colors) {
      assert.match(color, /^#[0-9a-f]{6}$/);
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
      assert.ok(0.2126 * red + 0.7152 * green + 0.0722 * blue > 140, `${name} is too dark: ${color}`);
    }
  }
  const calls = ["read", "write", "openat", "close", "fstat", "lseek", "mmap", "pread64"];
  assert.ok(new Set(calls.map((name) => fill(2, name))).size > 4);
});
