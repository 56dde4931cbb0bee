import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { treeJson, treeOf } from "../../../engine/flame/tree.ts";
import type { TrieField, TrieNode } from "../../../runtime/flame.ts";
import { batchOf, taskName } from "../batches.ts";

/** A trie in which each path was called so often, in this order. */
function trieOf(calls: [path: string, count: number][], fields: TrieField[] = ["path"]): FlameTrie {
  const trie = new FlameTrie({ arch: "x86_64", fields, metric: "count", maxNodes: 100_000 });
  const files = calls.map(([path], i) => ({ slot: i + 1, path }));
  trie.ingest(batchOf(
    calls.flatMap(([, count], i) => Array.from({ length: count }, () => ({ nr: 0, file: i + 1 }))),
    { tasks: [taskName(1, 70)], files },
  ));
  return trie;
}

function names({ c = [] }: TrieNode): string[] {
  return c.map(({ n }) => n);
}

Deno.test("Children come by total, the largest first, then by name", () => {
  const { root } = trieOf([["/b", 2], ["/c", 5], ["/a", 2], ["/A", 2]]).tree();
  assert.deepEqual(names(root), ["/c", "/A", "/a", "/b"]);
});

Deno.test("A subtree of a thousandth of the whole stays, a smaller one is left out, and totals stay exact", () => {
  const small: [string, number][] = Array.from({ length: 50 }, (_, i) => [`/d/rare${i}`, 1]);
  const { root } = trieOf([["/d/often", 2_948], ...small, ["/e/x", 2], ["/f/y", 3]]).tree();
  assert.equal(root.t, 3_003);
  assert.deepEqual(names(root), ["/d"]);
  assert.deepEqual([root.c![0].t, names(root.c![0])], [2_998, ["often"]]);
  const { root: smaller } = trieOf([["/d/often", 2_945], ...small, ["/e/x", 2], ["/f/y", 3]]).tree();
  assert.equal(smaller.t, 3_000);
  assert.deepEqual(names(smaller), ["/d", "/f"]);
});

Deno.test("The first two levels keep their largest child, the third does not", () => {
  const even: [string, number][] = Array.from({ length: 2_000 }, (_, i) => [`/d/s${i}/e/x`, 1]);
  const { root } = trieOf([...even, ["/d/t/e/x", 2], ["/d/r/e/x", 2]]).tree();
  const [d] = root.c!;
  assert.deepEqual([d.t, names(d)], [2_004, ["r"]]);
  assert.deepEqual(d.c![0], { n: "r", v: 0, t: 2 });

  const flat: [string, number][] = Array.from({ length: 1_500 }, (_, i) => [`/${i}/x/y`, 1]);
  const { root: wide } = trieOf(flat).tree();
  assert.deepEqual(wide, {
    n: "",
    v: 0,
    t: 1_500,
    c: [{ n: "/0", v: 0, t: 1, c: [{ n: "x", v: 0, t: 1 }] }],
  });
});

Deno.test("Without any value one node of each of the first two levels stays", () => {
  const trie = trieOf([["/a/b/c", 2], ["/a/b/d", 1]]);
  trie.setCountField("bytes");
  trie.ingest(batchOf([{ nr: 0, file: 2 }, { nr: 0, file: 1 }]));
  const a = { n: "/a", v: 0, t: 0, c: [{ n: "b", v: 0, t: 0 }] };
  assert.deepEqual(trie.tree().root, { n: "", v: 0, t: 0, c: [a] });
});

Deno.test("The JSON text is that of the tree, whatever the names are", () => {
  const paths = ["/a;b c/\n", '/"\\/</script>', "/\u2028/\ud800", "/x", "/a;b c/d"];
  const trie = trieOf(paths.map((path, i) => [path, i + 1]), ["comm", "path"]);
  assert.deepEqual(JSON.parse(trie.json().json), trie.tree().root);
  assert.equal(trie.json().json, JSON.stringify(trie.tree().root));
  trie.reset();
  assert.equal(trie.json().json, '{"n":"","v":0,"t":0}');
});

Deno.test("The work on a large trie is done in slices, and what changes meanwhile does not show", () => {
  const wide: [string, number][] = Array.from({ length: 30_000 }, (_, i) => [`/${i % 100}/${i}`, 1]);
  const trie = trieOf(wide);
  const json = trie.json();
  for (const make of [treeOf, treeJson]) {
    const work = make(trie.copy());
    let pauses = 0;
    for (let step = work.next();; step = work.next(), pauses++) {
      if (step.done) {
        const result = typeof step.value === "string" ? step.value : JSON.stringify(step.value);
        assert.equal(result, json.json);
        break;
      }
      trie.ingest(batchOf([{ nr: 0, file: 7 }, { nr: 0, file: 0 }]));
    }
    assert.ok(pauses >= 6, `${pauses} pauses`);
    trie.reset();
    for (const file of wide.keys()) trie.ingest(batchOf([{ nr: 0, file: file + 1 }]));
  }
});
