import assert from "node:assert/strict";
import { type RecordSink, RingReader } from "../../bpf/ring_reader.ts";
import { random, testSeed } from "../engine/batches.ts";

const PAGE = 4096;
const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;

/** A ring as the kernel keeps it, and its producer. */
class Ring {
  readonly consumerPage = new ArrayBuffer(PAGE);
  readonly producerAndData: ArrayBuffer;
  readonly size: number;
  readonly #data: DataView;
  producer: bigint;

  constructor(size: number, position = 0n) {
    this.size = size;
    this.producerAndData = new ArrayBuffer(PAGE + size);
    this.#data = new DataView(this.producerAndData, PAGE);
    this.producer = position;
    new BigInt64Array(this.consumerPage)[0] = position;
    this.#publish();
  }

  get consumer(): bigint {
    return new BigInt64Array(this.consumerPage)[0];
  }

  reader(): RingReader {
    return new RingReader(this.consumerPage, this.producerAndData, PAGE, this.size);
  }

  /** True when a record of that length fits behind those not yet consumed. */
  hasRoom(length: number): boolean {
    return this.producer + BigInt(8 + padded(length)) - this.consumer <= BigInt(this.size);
  }

  /** Writes a record; answers with what sets its header again, as a submit or a discard does. */
  write(bytes: Uint8Array, bits = 0): (bits: number) => void {
    assert.ok(this.hasRoom(bytes.length), "The test overruns its ring");
    const start = Number(this.producer % BigInt(this.size));
    const setHeader = (bits: number) => this.#data.setUint32(start, (bytes.length | bits) >>> 0, true);
    setHeader(bits);
    this.#data.setUint32(start + 4, 0x1234, true); // the page offset: the reader has no use for it
    for (let i = 0; i < padded(bytes.length); i++) {
      this.#data.setUint8((start + 8 + i) % this.size, bytes[i] ?? 0xee);
    }
    this.producer += BigInt(8 + padded(bytes.length));
    this.#publish();
    return setHeader;
  }

  #publish(): void {
    new BigInt64Array(this.producerAndData, 0, 1)[0] = this.producer;
  }
}

const padded = (length: number) => Math.ceil(length / 8) * 8;

/** Keeps a copy of every record; stops the reader after `stopAfter` of them. */
class Collector implements RecordSink {
  readonly records: Uint8Array[] = [];
  stopAfter = Infinity;

  record(words: Int32Array, at: number, bytes: number): boolean {
    this.records.push(new Uint8Array(words.buffer, words.byteOffset + at * 4, bytes).slice());
    return this.records.length < this.stopAfter;
  }
}

const pattern = (length: number, first: number) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);

Deno.test("records come out whole, oldest first, whatever their sizes", () => {
  const ring = new Ring(PAGE);
  const reader = ring.reader();
  const sent = [56, 0, 1, 7, 8, 9, 63, 117, 4].map((length, i) => pattern(length, i * 16));
  for (const record of sent) ring.write(record);
  assert.equal(reader.pendingBytes, Number(ring.producer));
  const sink = new Collector();
  assert.equal(reader.drain(sink), false);
  assert.deepEqual(sink.records, sent);
  assert.equal(ring.consumer, ring.producer);
  assert.equal(reader.pendingBytes, 0);
});

Deno.test("an empty ring gives nothing and its consumer position stays", () => {
  const ring = new Ring(PAGE, 128n);
  const sink = new Collector();
  assert.equal(ring.reader().drain(sink), false);
  assert.deepEqual(sink.records, []);
  assert.equal(ring.consumer, 128n);
});

Deno.test("a record still being written holds up those behind it until it is submitted", () => {
  const ring = new Ring(PAGE);
  const reader = ring.reader();
  const sink = new Collector();
  ring.write(pattern(16, 1));
  const setHeader = ring.write(pattern(24, 2), BUSY);
  ring.write(pattern(8, 3));
  assert.equal(reader.drain(sink), false);
  assert.deepEqual(sink.records, [pattern(16, 1)]);
  assert.equal(ring.consumer, 24n);
  assert.equal(reader.drain(sink), false);
  assert.equal(sink.records.length, 1);
  setHeader(0);
  reader.drain(sink);
  assert.deepEqual(sink.records, [pattern(16, 1), pattern(24, 2), pattern(8, 3)]);
});

Deno.test("a discarded record is passed over and its room given back", () => {
  const ring = new Ring(PAGE);
  const sink = new Collector();
  ring.write(pattern(13, 1), DISCARD);
  ring.write(pattern(8, 2));
  ring.write(pattern(8, 3), DISCARD);
  assert.equal(ring.reader().drain(sink), false);
  assert.deepEqual(sink.records, [pattern(8, 2)]);
  assert.equal(ring.consumer, ring.producer);
});

Deno.test("a record that is both busy and to be discarded is waited for", () => {
  const ring = new Ring(PAGE);
  ring.write(pattern(8, 1), BUSY | DISCARD);
  ring.reader().drain(new Collector());
  assert.equal(ring.consumer, 0n);
});

Deno.test("the sink stops the reader after a record, which counts as read", () => {
  const ring = new Ring(PAGE);
  const reader = ring.reader();
  const sink = new Collector();
  for (let i = 0; i < 5; i++) ring.write(pattern(8, i));
  sink.stopAfter = 2;
  assert.equal(reader.drain(sink), true);
  assert.equal(sink.records.length, 2);
  assert.equal(ring.consumer, 32n);
  assert.equal(reader.pendingBytes, 48);
  sink.stopAfter = Infinity;
  assert.equal(reader.drain(sink), false);
  assert.deepEqual(sink.records, [0, 1, 2, 3, 4].map((i) => pattern(8, i)));
});

Deno.test("records written while the ring is drained wait for the next time", () => {
  const ring = new Ring(PAGE);
  const reader = ring.reader();
  ring.write(pattern(8, 0));
  let seen = 0;
  const chased: RecordSink = {
    record: () => {
      seen++;
      ring.write(pattern(8, seen));
      return true;
    },
  };
  assert.equal(reader.drain(chased), false);
  assert.equal(seen, 1);
});

Deno.test("the consumer position moves only when the drain ends, so that no record is overwritten while it is read", () => {
  const ring = new Ring(PAGE);
  ring.write(pattern(8, 0));
  ring.write(pattern(8, 1));
  const during: bigint[] = [];
  ring.reader().drain({
    record: () => {
      during.push(ring.consumer);
      return true;
    },
  });
  assert.deepEqual(during, [0n, 0n]);
  assert.equal(ring.consumer, 32n);
});

Deno.test("a record that wraps around the end of the ring comes out whole, at every place of its break", () => {
  for (let before = 8; before <= 64; before += 8) {
    const ring = new Ring(PAGE, BigInt(PAGE - before));
    const sink = new Collector();
    ring.write(pattern(61, 5));
    ring.write(pattern(8, 6));
    ring.reader().drain(sink);
    assert.deepEqual(sink.records, [pattern(61, 5), pattern(8, 6)], `${before} bytes before the end`);
  }
});

Deno.test("the longest record of the kernel side may wrap", () => {
  const ring = new Ring(16 * PAGE, BigInt(16 * PAGE - 8 - 4000));
  const sink = new Collector();
  const longest = pattern(56 + 16 + 2 * 4096, 9);
  ring.write(longest);
  ring.reader().drain(sink);
  assert.deepEqual(sink.records, [longest]);
});

Deno.test("positions beyond 2^32 are read and written exactly", () => {
  const start = (1n << 32n) * 5n - 64n;
  const ring = new Ring(PAGE, start);
  const reader = ring.reader();
  const sink = new Collector();
  const sent = Array.from({ length: 8 }, (_, i) => pattern(20 + i, i));
  for (const record of sent) ring.write(record);
  assert.ok(ring.producer > (1n << 32n) * 5n);
  reader.drain(sink);
  assert.deepEqual(sink.records, sent);
  assert.equal(ring.consumer, ring.producer);
});

Deno.test("a ring whose size is no power of two, or below a page, is refused", () => {
  for (const size of [PAGE + 8, 3 * PAGE, PAGE / 2, 0]) {
    assert.throws(
      () => new RingReader(new ArrayBuffer(PAGE), new ArrayBuffer(8 * PAGE), PAGE, size),
      { name: "RangeError", message: new RegExp(`a ring of ${size} bytes`) },
    );
  }
});

Deno.test("at random, the reader gives what a plain queue gives", () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const ring = new Ring(PAGE, BigInt(below(1 << 20) * 8));
  const reader = ring.reader();
  const sink = new Collector();
  const queue: { bytes: Uint8Array; bits: number; setHeader: (bits: number) => void }[] = [];
  const expected: Uint8Array[] = [];
  for (let step = 0; step < 20_000; step++) {
    const kind = below(10);
    if (kind < 5) {
      const bytes = pattern(below(next() < 0.05 ? 2000 : 100), below(256));
      if (!ring.hasRoom(bytes.length)) continue;
      const bits = next() < 0.2 ? BUSY : next() < 0.2 ? DISCARD : 0;
      queue.push({ bytes, bits, setHeader: ring.write(bytes, bits) });
    } else if (kind < 7) {
      const busy = queue.filter((entry) => entry.bits === BUSY);
      if (busy.length === 0) continue;
      const entry = busy[below(busy.length)];
      entry.bits = next() < 0.3 ? DISCARD : 0;
      entry.setHeader(entry.bits);
    } else {
      const limit = next() < 0.3 ? 1 + below(3) : Infinity;
      sink.stopAfter = sink.records.length + limit;
      const stopped = reader.drain(sink);
      let taken = 0;
      while (taken < limit && queue.length > 0 && queue[0].bits !== BUSY) {
        const { bytes, bits } = queue.shift()!;
        if (bits === DISCARD) continue;
        expected.push(bytes);
        taken++;
      }
      assert.equal(stopped, taken === limit, `seed ${seed}, step ${step}`);
      assert.equal(sink.records.length, expected.length, `seed ${seed}, step ${step}`);
    }
  }
  assert.ok(expected.length > 1000);
  expected.forEach((bytes, i) => assert.deepEqual(sink.records[i], bytes, `seed ${seed}, record ${i}`));
});
