import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { fold } from "../../../engine/flame/fold.ts";
import { FrameNames } from "../../../engine/flame/frame_names.ts";
import { labelOf, nameOf, ROOT, TrieNodes, VALUES } from "../../../engine/flame/trie_nodes.ts";
import { batchOf, taskName } from "../batches.ts";

/** A trie of stacks, each with the batch that it was last in; every stack has the value 1 in each metric. */
class Stacks {
  readonly nodes = new TrieNodes();
  readonly #names = new FrameNames();

  add(stack: string, batch: number): this {
    let node = ROOT;
    for (const name of stack.split("/")) node = this.nodes.child(node, labelOf(this.#names.number(name), 0));
    this.nodes.activity[node] = batch;
    for (let i = 0; i < VALUES; i++) this.nodes.values[VALUES * node + i]++;
    return this;
  }

  fold(target: number): this {
    fold(this.nodes, target);
    this.nodes.rebuild();
    return this;
  }

  /** Stacks with own values, in the order of the nodes. */
  get text(): string[] {
    const texts: string[] = [];
    const lines: string[] = [];
    for (let node = 1; node < this.nodes.length; node++) {
      const above = texts[this.nodes.parent(node)] ?? "";
      texts[node] = `${above}/${this.#names.texts[nameOf(this.nodes.label(node))]}`;
      const own = this.nodes.values.subarray(VALUES * node, VALUES * (node + 1));
      assert.ok(own.every((value) => value === own[0]));
      if (own[0] > 0) lines.push(`${texts[node].slice(1)} ${own[0]}`);
    }
    return lines;
  }
}

Deno.test("Without too many nodes nothing is folded", () => {
  const stacks = new Stacks().add("a/b", 1).add("c", 2);
  assert.deepEqual(stacks.fold(4).text, ["a/b 1", "c 1"]);
});

Deno.test("The subtrees that were active longest ago go first, as a whole", () => {
  const stacks = new Stacks().add("old/a/x", 1).add("old/b", 1).add("new/a", 2).add("new/b", 3);
  assert.deepEqual(stacks.fold(5).text, ["[other] 2", "new/a 1", "new/b 1"]);
});

Deno.test("Of the less active half the deepest frames go first: what has ended keeps its outer frames", () => {
  const stacks = new Stacks();
  for (const path of ["x/1", "x/2", "y/1", "y/2"]) stacks.add(`ended/${path}`, 1);
  for (const path of ["x/1", "x/2", "y/1", "y/2"]) stacks.add(`running/${path}`, 2);
  assert.deepEqual(stacks.fold(13).text.slice(0, 2), ["ended/x/[other] 2", "ended/y/[other] 2"]);
  assert.equal(stacks.text.length, 6);
});

Deno.test("A subtree is as active as its most active part", () => {
  const stacks = new Stacks().add("a/x", 1).add("a/y", 1).add("a/z", 9).add("b", 5).add("c", 6);
  assert.deepEqual(stacks.fold(6).text, ["a/[other] 2", "a/z 1", "b 1", "c 1"]);
});

Deno.test("Of equally active nodes the youngest go first, none before those below it", () => {
  const stacks = new Stacks().add("a/x", 1).add("a/y", 1).add("b/x", 1).add("b/y", 1);
  assert.deepEqual(stacks.fold(5).text, ["a/x 1", "a/y 1", "[other] 2"]);
});

Deno.test("A lone leaf keeps its name: folded it would take the same room", () => {
  const stacks = new Stacks().add("a/x", 1).add("b/x/y", 1).add("b/z", 1).add("c/x", 2);
  assert.deepEqual(stacks.fold(7).text, ["a/x 1", "b/[other] 2", "c/x 1"]);
});

Deno.test("What was folded before is folded with the rest, and values of inner nodes go along", () => {
  const stacks = new Stacks().add("a", 1).add("a/x", 1).add("a/y", 1).add("a/z", 2).add("b", 3).fold(5);
  assert.deepEqual(stacks.text, ["a 1", "a/[other] 2", "a/z 1", "b 1"]);
  stacks.add("a/w", 3).fold(4);
  assert.deepEqual(stacks.text, ["a 1", "a/[other] 4", "b 1"]);
  stacks.add("c", 4).add("d", 5).fold(4);
  assert.deepEqual(stacks.text, ["[other] 6", "c 1", "d 1"]);
});

Deno.test("Everything can be folded into one frame", () => {
  const stacks = new Stacks().add("a/b/c", 1).add("a/d", 2).add("e", 3);
  assert.deepEqual(stacks.fold(2).text, ["[other] 3"]);
  assert.deepEqual(stacks.add("a/b", 4).text, ["[other] 3", "a/b 1"]);
});

Deno.test("A stack that comes back after it was folded starts again, a file called [other] is not mixed up", () => {
  const trie = new FlameTrie({ arch: "x86_64", fields: ["path"], metric: "count", maxNodes: 6 });
  const ingest = (...paths: string[]) => {
    trie.ingest(batchOf(paths.map((_, i) => ({ nr: 0, file: i + 1 })), {
      tasks: [taskName(1, 7)],
      files: paths.map((path, i) => ({ slot: i + 1, path })),
    }));
  };
  const top = () => trie.tree().root.c!.map(({ n, t }) => `${n} ${t}`);
  ingest("[other]", "/a", "/b");
  ingest("/c", "/d");
  ingest("/e");
  assert.deepEqual(top(), ["[other] 4", "/c 1", "/e 1"]);
  ingest("/a", "[other]");
  assert.deepEqual(top(), ["[other] 4", "/a 1", "/c 1", "/e 1", "[other] 1"]);
  const { names, length } = trie.profile();
  assert.deepEqual([names.filter((text) => text === "[other]").length, length], [1, 6]);
});
