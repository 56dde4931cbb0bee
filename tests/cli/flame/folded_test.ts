import assert from "node:assert/strict";
import { diffProfiles } from "../../../cli/flame/diff.ts";
import { renderFolded } from "../../../cli/flame/folded.ts";
import { escapeFrame, unescapeFrame } from "../../../cli/flame/folded_frame.ts";
import { isFoldedDiff, readFolded, readFoldedDiff } from "../../../cli/flame/read_folded.ts";
import { IorError } from "../../../runtime/errors.ts";
import { TRIE_METRICS, type TrieMetric } from "../../../runtime/flame.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import {
  changedProfile,
  exampleProfile,
  HOSTILE_NAMES,
  hostileProfile,
  profileOf,
  randomProfile,
  stacksOf,
  sum,
} from "./profiles.ts";

const OPTIONS = { name: "x.folded", metric: "count" as TrieMetric };

Deno.test("Folded stacks: an example, hostile names, and a difference", () => {
  assertGolden("flame/example.folded", renderFolded(exampleProfile(), "duration"));
  assertGolden("flame/hostile.folded", renderFolded(hostileProfile(), "count"));
  const diff = diffProfiles(exampleProfile(), changedProfile());
  assertGolden("flame/diff.folded", renderFolded(diff, "duration"));
});

Deno.test("Folded stacks of nothing are empty, and are read back as nothing", () => {
  const empty = profileOf(["comm"], []);
  assert.equal(renderFolded(empty, "count"), "");
  assert.equal(readFolded("", OPTIONS).length, 1);
});

Deno.test("Every frame is read back from its escaped form, which has nothing that a reader cuts at", () => {
  const next = random(testSeed());
  const point = () => String.fromCodePoint(Math.floor(next() * (next() < 0.5 ? 0x100 : 0x110000)));
  const names = Array.from({ length: 2_000 }, () => Array.from({ length: 1 + next() * 4 }, point).join(""));
  for (const name of [...HOSTILE_NAMES, ...names]) {
    const escaped = escapeFrame(name);
    assert.equal(unescapeFrame(escaped), name);
    assert.match(escaped, /^[^;\s\p{Cc}\p{Cs}]+$/u);
  }
});

Deno.test("Folded stacks are lines of frames, a space and a value, whatever the names", () => {
  for (const line of renderFolded(hostileProfile(), "count").split("\n").slice(0, -1)) {
    assert.match(line, /^[^\s;]+(;[^\s;]+)* \d+$/);
  }
});

Deno.test("What is written is read back with every stack and every value, for each metric", () => {
  const next = random(testSeed());
  for (let round = 0; round < 20; round++) {
    const profile = randomProfile(next, 50);
    for (const metric of TRIE_METRICS) {
      const read = readFolded(renderFolded(profile, metric), { ...OPTIONS, metric });
      assert.deepEqual(stacksOf(read, metric), stacksOf(profile, metric));
      assert.equal(sum(read.own[metric]), sum(profile.own[metric]));
      assert.equal(TRIE_METRICS.filter((other) => sum(read.own[other]) > 0).every((m) => m === metric), true);
    }
  }
});

Deno.test("A difference is read back with both values of every stack", () => {
  const next = random(testSeed());
  const before = randomProfile(next, 50);
  const after = randomProfile(next, 50);
  const text = renderFolded(diffProfiles(before, after), "duration");
  const read = readFoldedDiff(text, { name: "x", metric: "duration" });
  assert.ok(isFoldedDiff(text));
  assert.deepEqual(stacksOf({ ...read, own: read.before }, "duration"), stacksOf(before, "duration"));
  assert.deepEqual(stacksOf({ ...read, own: read.after }, "duration"), stacksOf(after, "duration"));
});

Deno.test("Stacks of one value are no difference, also with numbers for names", () => {
  const profile = profileOf(["pid", "comm"], [[[["pid", "12"], ["comm", "34 56"]], { count: 7 }]]);
  assert.equal(isFoldedDiff(renderFolded(profile, "count")), false);
  assert.equal(isFoldedDiff(""), false);
});

Deno.test("Files of other programs: spaces in frames, repeated stacks, blank lines, CRLF, values such as 3.0", () => {
  const text =
    "main;operator new(unsigned long) 5\r\n\r\nmain;operator new(unsigned long) 2\n  C:\\Users\\x;y\t3.0 \n";
  const read = readFolded(text, OPTIONS);
  assert.deepEqual(stacksOf(read, "count"), {
    '["C:\\\\Users\\\\x","y"]': 3,
    '["main","operator new(unsigned long)"]': 7,
  });
  assert.deepEqual(read.fields, []);
});

Deno.test("Lines that are no folded stacks are refused by their number", () => {
  const texts = [
    "a;b 1\nno value here\n",
    "a 1.5",
    "a -3",
    "12",
    "a 99999999999999999999",
    "\x1b[31m" + "x".repeat(100),
  ];
  const errors = texts.map((text) => errorOf(() => readFolded(text, { ...OPTIONS, name: "a\nb.folded" })));
  errors.push(errorOf(() => readFoldedDiff("a 1 2\nb 3\n", OPTIONS)));
  assertGolden("flame/read_errors.txt", errors.join("\n") + "\n");
});

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof IorError && error.code === "usage");
    return `${error.message}\n  ${error.hint}`;
  }
  assert.fail("Nothing was thrown");
}
