import assert from "node:assert/strict";
import { FILE_SLOTS } from "../../bpf/wire.ts";
import {
  absolutePath,
  ALL_FILE_SLOTS,
  FIRST_TEXT_SLOT,
  MOST_NAMES,
  TEXT_SLOTS,
  TextPaths,
} from "../../bpf/text_paths.ts";
import { random, testSeed } from "../engine/batches.ts";

Deno.test("text slots lie behind those of the kernel's files", () => {
  assert.equal(FIRST_TEXT_SLOT, FILE_SLOTS);
  assert.equal(ALL_FILE_SLOTS, FILE_SLOTS + TEXT_SLOTS);
  assert.ok(2 * (MOST_NAMES + 2) < TEXT_SLOTS);
});

Deno.test("a path that is known keeps its slot and is not announced again", () => {
  const texts = new TextPaths();
  const slot = texts.slotOf("/a");
  assert.equal(texts.added, true);
  assert.notEqual(texts.slotOf("/b"), slot);
  assert.equal(texts.added, true);
  assert.equal(texts.slotOf("/a"), slot);
  assert.equal(texts.added, false);
});

Deno.test("the empty text is a path like others", () => {
  const texts = new TextPaths();
  const slot = texts.slotOf("");
  assert.equal(texts.added, true);
  assert.equal(texts.slotOf(""), slot);
  assert.equal(texts.added, false);
});

Deno.test("when all slots are taken the oldest are given away", () => {
  const texts = new TextPaths();
  for (let i = 0; i < TEXT_SLOTS; i++) assert.equal(texts.slotOf(`/${i}`), FIRST_TEXT_SLOT + i);
  assert.equal(texts.slotOf("/new"), FIRST_TEXT_SLOT);
  assert.equal(texts.slotOf(`/${TEXT_SLOTS - 1}`), FIRST_TEXT_SLOT + TEXT_SLOTS - 1);
  assert.equal(texts.added, false);
  assert.equal(texts.slotOf("/0"), FIRST_TEXT_SLOT + 1);
  assert.equal(texts.added, true, "/0 has lost its slot");
});

Deno.test("a path that got a new slot in time keeps it when its old one is given away", () => {
  const texts = new TextPaths();
  const first = texts.slotOf("/kept");
  let fresh = 0;
  const take = (count: number) => {
    for (let i = 0; i < count; i++) texts.slotOf(`/${fresh++}`);
  };
  take(TEXT_SLOTS - MOST_NAMES);
  const second = texts.slotOf("/kept");
  assert.equal(texts.added, true);
  assert.notEqual(second, first);
  take(MOST_NAMES);
  assert.equal(texts.slotOf("/kept"), second);
  assert.equal(texts.added, false);
});

Deno.test("slots of random paths are those of a plain map with the same rules", () => {
  const next = random(testSeed());
  const texts = new TextPaths();
  const slots = new Map<string, number>();
  const paths = new Array<string | undefined>(TEXT_SLOTS).fill(undefined);
  let oldest = 0;
  const plainSlot = (path: string): [slot: number, added: boolean] => {
    const known = slots.get(path);
    if (known !== undefined) {
      if ((known - oldest + TEXT_SLOTS) % TEXT_SLOTS >= MOST_NAMES + 2) return [known, false];
      paths[known] = undefined;
    }
    const replaced = paths[oldest];
    if (replaced !== undefined) slots.delete(replaced);
    paths[oldest] = path;
    slots.set(path, oldest);
    oldest = (oldest + 1) % TEXT_SLOTS;
    return [slots.get(path)!, true];
  };
  for (let i = 0; i < 100_000; i++) {
    // Some paths come again and again, others never.
    const path = `/${Math.floor(next() ** 3 * 2 * TEXT_SLOTS)}`;
    const [slot, added] = plainSlot(path);
    const found = texts.slotOf(path);
    if (found !== FIRST_TEXT_SLOT + slot || texts.added !== added) {
      assert.deepEqual([path, found, texts.added], [path, FIRST_TEXT_SLOT + slot, added]);
    }
  }
  const known = [...slots].map(([path, slot]): [number, string] => [FIRST_TEXT_SLOT + slot, path]);
  assert.deepEqual([...texts.names()], known.sort(([a], [b]) => a - b));
});

Deno.test("a slot never changes its meaning within one batch, and consumers know every one", () => {
  const seed = testSeed();
  const next = random(seed);
  const texts = new TextPaths();
  /** What a consumer knows, as it applies the names of each batch before its rows. */
  const names = new Map<number, string>();
  let paths = 0;
  for (let batch = 0; batch < 32; batch++) {
    const rows: [slot: number, path: string][] = [];
    const added = new Map<number, string>();
    // From many new paths to few, so that slots are taken anew at every distance from their last use.
    const fresh = next();
    while (added.size < MOST_NAMES && rows.length < 4 * MOST_NAMES) {
      const back = Math.floor(next() ** 3 * TEXT_SLOTS * 1.2);
      const path = next() < fresh ? `/${paths++}` : `/${Math.max(0, paths - 1 - back)}`;
      const slot = texts.slotOf(path);
      if (texts.added) added.set(slot, path);
      rows.push([slot, path]);
    }
    for (const [slot, path] of added) names.set(slot, path);
    for (const [slot, path] of rows) {
      if (names.get(slot) !== path) {
        assert.fail(
          `seed ${seed}, batch ${batch}: slot ${slot} is ${names.get(slot)}, it was given for ${path}`,
        );
      }
      assert.ok(slot >= FIRST_TEXT_SLOT && slot < ALL_FILE_SLOTS);
    }
  }
  assert.ok(paths > 2 * TEXT_SLOTS, "the slots were not all taken anew");
});

Deno.test("a text is left alone where it has no directory", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.deepEqual(absolutePath({ path: "/a" }, bytes("b//c/."), true), { path: "b//c/." });
  assert.deepEqual(absolutePath({ path: "/a" }, bytes("b//c/."), false), { path: "/a/b/c" });
});

Deno.test("bytes that are not UTF-8 are cleaned like others", () => {
  const text = Uint8Array.of(0x2e, 0x2f, 0xff, 0x2f, 0x2f, 0x62, 0x2f);
  assert.deepEqual(absolutePath({ path: "/é" }, text, false), {
    path: "/é/\ufffd/b",
    raw: Uint8Array.of(0x2f, 0xc3, 0xa9, 0x2f, 0xff, 0x2f, 0x62),
  });
});

Deno.test("the bytes of a directory are kept in the paths in it", () => {
  const base = { path: "/\ufffd", raw: Uint8Array.of(0x2f, 0xc3) };
  assert.deepEqual(absolutePath(base, Uint8Array.of(0x61), false), {
    path: "/\ufffd/a",
    raw: Uint8Array.of(0x2f, 0xc3, 0x2f, 0x61),
  });
});
