import assert from "node:assert/strict";
import { LARGEST_BATCH, TEXT_SLOTS } from "../../bpf/text_paths.ts";
import { random, testSeed } from "../engine/batches.ts";
import { decoding, feed, pathRecord, textRecord } from "./records.ts";

/** New paths until the end: more than there are slots, so that slots are given away. */
const PATHS = 1.25 * TEXT_SLOTS;

Deno.test("at random, every row has the path of its own argument, whatever was known before", () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const { decoder } = decoding();
  const bases = ["/", "/a", "/b/c", "/é"];
  feed(decoder, ...bases.map((path, i) => pathRecord(i + 1, path)));
  /** What a consumer knows of the slots. */
  const names = new Map<number, string>();
  let fresh = 0;
  for (let batch = 0; fresh < PATHS; batch++) {
    const expected: string[] = [];
    // From mostly new paths to mostly known ones, at every distance from their last use.
    const share = [1, 0.7, 0.4][batch % 3];
    let goesOn = true;
    while (goesOn) {
      const number = next() < share
        ? fresh++
        : Math.max(0, fresh - 1 - below(next() < 0.5 ? 100 : TEXT_SLOTS));
      const base = number % bases.length;
      // Lengths of every remainder, and texts that differ in their last byte alone.
      const text = `${"x".repeat(number % 7)}${number}`;
      goesOn = feed(decoder, textRecord({}, { path: text, base: base + 1 }));
      expected.push(`${bases[base] === "/" ? "" : bases[base]}/${text}`);
    }
    const { columns, files, length } = decoder.takeBatch()!;
    assert.equal(length, expected.length);
    for (const { slot, path } of files) names.set(slot, path);
    for (let i = 0; i < length; i++) {
      if (names.get(columns.file[i]) !== expected[i]) {
        assert.fail(
          `seed ${seed}, batch ${batch}, row ${i}: ${names.get(columns.file[i])} in place of ${expected[i]}`,
        );
      }
    }
  }
});

Deno.test("a text that was seen before is told from its neighbours in memory, length and base", () => {
  const { decoder } = decoding();
  feed(decoder, pathRecord(1, "/one"), pathRecord(2, "/two"));
  const texts = ["", "a", "ab", "abc", "abcd", "abcde", "abcdf"];
  const records = [1, 2].flatMap((base) => texts.map((path) => textRecord({}, { path, base })));
  feed(decoder, ...records, ...records.toReversed());
  const batch = decoder.takeBatch()!;
  const paths = [...batch.columns.file.subarray(0, batch.length)].map((slot) =>
    batch.files.find((file) => file.slot === slot)?.path
  );
  const expected = ["/one", "/two"].flatMap((base) => texts.map((text) => text ? `${base}/${text}` : base));
  assert.deepEqual(paths, [...expected, ...expected.toReversed()]);
  assert.equal(batch.files.length, 2 + expected.length, "a path was announced twice");
});

Deno.test("what follows a text in memory does not make it another", () => {
  const { decoder } = decoding();
  const record = textRecord({}, { path: "/abcde" });
  for (const garbage of [0, -1, 0x41414141]) {
    const words = new Int32Array(64).fill(garbage);
    new Uint8Array(words.buffer).set(record);
    decoder.record(words, 0, record.length);
  }
  const batch = decoder.takeBatch()!;
  assert.equal(batch.files.length, 1);
  assert.equal(new Set(batch.columns.file.subarray(0, 3)).size, 1);
});

Deno.test("a directory with another number may have another name: its texts are joined anew", () => {
  const { decoder } = decoding();
  feed(decoder, pathRecord(5, "/before"), textRecord({}, { path: "f", base: 5 }));
  // The same place of the table of files, a newer number.
  const newer = 5 + 131072;
  feed(decoder, pathRecord(newer, "/after"), textRecord({}, { path: "f", base: newer }));
  const batch = decoder.takeBatch()!;
  const paths = [0, 1].map((i) => batch.files.find(({ slot }) => slot === batch.columns.file[i])?.path);
  assert.deepEqual(paths, ["/before/f", "/after/f"]);
});

Deno.test("the largest batch has one row per call at most", () => {
  const { decoder } = decoding();
  let rows = 1;
  while (feed(decoder, textRecord({}, { path: "/a" }))) rows++;
  assert.equal(rows, LARGEST_BATCH);
});
