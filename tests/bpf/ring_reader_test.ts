import assert from "node:assert/strict";
import { type RecordSink, RingReader, RowMerger, type RowSink } from "../../bpf/ring_reader.ts";
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

Deno.test("a mark is passed when what was there is read, whatever has come since", () => {
  const ring = new Ring(PAGE);
  const reader = ring.reader();
  assert.equal(reader.mark()(), true, "nothing is there");
  for (let i = 0; i < 3; i++) ring.write(pattern(8, i));
  const isRead = reader.mark();
  const sink = new Collector();
  const passed: boolean[] = [];
  for (let i = 1; i <= 4; i++) {
    passed.push(isRead());
    sink.stopAfter = i;
    reader.drain(sink);
    ring.write(pattern(8, 9));
  }
  assert.deepEqual(passed, [false, false, false, true]);
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

/** Words of a record that the merger's sink knows: its kind, its number, and of a row the time of its end and its name. */
const NAME = 1;
const ROW = 2;
const wordsOf = (...words: number[]) => new Uint8Array(Int32Array.from(words).buffer);

/** Takes rows, which lack names that have not come. */
class RowCollector implements RowSink {
  readonly names = new Set<number>();
  readonly rows: number[] = [];
  readonly nameless: number[] = [];
  #left = Infinity;

  /** Stops the merger after so many records more. */
  stopAfter(count: number): void {
    this.#left = count;
  }

  record(words: Int32Array, at: number, bytes: number): boolean {
    assert.equal(bytes, 16);
    if (words[at] === NAME) {
      this.names.add(words[at + 1]);
    } else {
      if (this.lacksName(words, at)) this.nameless.push(words[at + 1]);
      this.rows.push(words[at + 1]);
    }
    return --this.#left > 0;
  }

  endOf(words: Int32Array, at: number): number {
    return words[at + 2];
  }

  lacksName(words: Int32Array, at: number): boolean {
    return words[at + 3] !== 0 && !this.names.has(words[at + 3]);
  }
}

function mergerOf(names: Ring, rows: readonly Ring[]): RowMerger {
  return new RowMerger(names.reader(), rows.map((ring) => ring.reader()));
}

Deno.test("rows of several rings come by the time of their ends", () => {
  const [names, ...rows] = Array.from({ length: 4 }, () => new Ring(PAGE));
  const sink = new RowCollector();
  for (const [ring, number, end] of [[0, 1, 10], [0, 4, 40], [1, 2, 20], [1, 3, 30], [2, 5, 50]]) {
    rows[ring].write(wordsOf(ROW, number, end, 0));
  }
  assert.equal(mergerOf(names, rows).drain(sink, Infinity), false);
  assert.deepEqual(sink.rows, [1, 2, 3, 4, 5]);
  for (const ring of rows) assert.equal(ring.consumer, ring.producer);
});

Deno.test("a mark of several rings is passed when all of them are read so far", () => {
  const [names, first, second] = [new Ring(PAGE), new Ring(PAGE), new Ring(PAGE)];
  const merger = mergerOf(names, [first, second]);
  const sink = new RowCollector();
  names.write(wordsOf(NAME, 1, 0, 0));
  first.write(wordsOf(ROW, 1, 10, 1));
  second.write(wordsOf(ROW, 2, 20, 1));
  const isRead = merger.mark();
  for (const untilNs of [15, 25]) {
    assert.equal(isRead(), false, `until ${untilNs}`);
    merger.drain(sink, untilNs);
  }
  assert.deepEqual([isRead(), sink.rows], [true, [1, 2]]);
});

Deno.test("rows that ended after the clock was read wait for the next time", () => {
  const [names, ...rows] = Array.from({ length: 3 }, () => new Ring(PAGE));
  const merger = mergerOf(names, rows);
  const sink = new RowCollector();
  rows[0].write(wordsOf(ROW, 1, 10, 0));
  rows[1].write(wordsOf(ROW, 2, 20, 0));
  merger.drain(sink, 20);
  assert.deepEqual(sink.rows, [1]);
  assert.ok(merger.fill > 0);
  merger.drain(sink, 21);
  assert.deepEqual(sink.rows, [1, 2]);
  assert.equal(merger.fill, 0);
});

Deno.test("a row takes the names up to its own, and the rest come last", () => {
  const [names, ...rows] = Array.from({ length: 2 }, () => new Ring(PAGE));
  const merger = mergerOf(names, rows);
  const sink = new RowCollector();
  for (const name of [1, 2, 3, 4]) names.write(wordsOf(NAME, name, 0, 0));
  rows[0].write(wordsOf(ROW, 1, 10, 2));
  sink.stopAfter(3);
  assert.equal(merger.drain(sink, Infinity), true);
  assert.deepEqual([[...sink.names], sink.rows], [[1, 2], [1]]);
  sink.stopAfter(Infinity);
  assert.equal(merger.drain(sink, Infinity), false);
  assert.deepEqual([...sink.names], [1, 2, 3, 4]);
});

Deno.test("a row waits for a name that is still being written", () => {
  const [names, ...rows] = Array.from({ length: 2 }, () => new Ring(PAGE));
  const merger = mergerOf(names, rows);
  const sink = new RowCollector();
  const submit = names.write(wordsOf(NAME, 1, 0, 0), BUSY);
  names.write(wordsOf(NAME, 2, 0, 0));
  rows[0].write(wordsOf(ROW, 1, 10, 2));
  assert.equal(merger.drain(sink, Infinity), false);
  assert.deepEqual(sink.rows, []);
  submit(0);
  merger.drain(sink, Infinity);
  assert.deepEqual([sink.rows, sink.nameless], [[1], []]);
});

Deno.test("a row that is still being written holds up its ring, and what ended later than a row behind it", () => {
  const [names, ...rows] = Array.from({ length: 3 }, () => new Ring(PAGE));
  const merger = mergerOf(names, rows);
  const sink = new RowCollector();
  const submit = rows[0].write(wordsOf(ROW, 1, 10, 0), BUSY);
  rows[0].write(wordsOf(ROW, 2, 30, 0), DISCARD);
  rows[0].write(wordsOf(ROW, 3, 50, 0), BUSY);
  rows[0].write(wordsOf(ROW, 4, 40, 0));
  rows[1].write(wordsOf(ROW, 5, 35, 0));
  rows[1].write(wordsOf(ROW, 6, 45, 0));
  merger.drain(sink, Infinity);
  assert.deepEqual(sink.rows, [5]);
  submit(0);
  merger.drain(sink, Infinity);
  assert.deepEqual(sink.rows, [5, 1]);
});

Deno.test("a row that is still being written the second time holds up all", () => {
  const [names, ...rows] = Array.from({ length: 3 }, () => new Ring(PAGE));
  const merger = mergerOf(names, rows);
  const sink = new RowCollector();
  const submit = rows[0].write(wordsOf(ROW, 1, 10, 0), BUSY);
  rows[1].write(wordsOf(ROW, 2, 20, 0));
  merger.drain(sink, Infinity);
  assert.deepEqual(sink.rows, [2]);
  rows[1].write(wordsOf(ROW, 3, 30, 0));
  names.write(wordsOf(NAME, 1, 0, 0));
  merger.drain(sink, Infinity);
  assert.deepEqual([sink.rows, sink.names.size], [[2], 0]);
  submit(0);
  merger.drain(sink, Infinity);
  assert.deepEqual([sink.rows, sink.names.size], [[2, 1, 3], 1]);
});

Deno.test("at random, a row comes behind all that had ended before it began to end, and behind its name", () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const names = new Ring(PAGE);
  const rows = Array.from({ length: 1 + below(5) }, () => new Ring(PAGE));
  const merger = mergerOf(names, rows);
  const sink = new RowCollector();
  /** Rows by number: when they read the clock, and when they were there. */
  const ends: number[] = [];
  const written: number[] = [];
  /** Steps of programs at work: the next one of each. */
  const programs: (() => boolean)[] = [];
  let [now, lastName] = [0, 0];
  const known: number[] = [];
  const startRow = () => {
    const [row, end, name] = [ends.length, now, known[below(known.length)] ?? 0];
    const ring = rows[below(rows.length)];
    ends.push(end);
    let submit: ((bits: number) => void) | null = null;
    return () => {
      if (submit === null) {
        if (!ring.hasRoom(16)) return false;
        submit = ring.write(wordsOf(ROW, row, end, name), BUSY);
        return false;
      }
      submit(0);
      written[row] = now;
      return true;
    };
  };
  const startName = () => {
    const [name, submit] = [++lastName, names.write(wordsOf(NAME, lastName, 0, 0), BUSY)];
    return () => {
      submit(0);
      known.push(name);
      return true;
    };
  };
  for (let step = 0; step < 20_000; step++) {
    now++;
    const kind = below(10);
    if (kind < 3 && programs.length < 8) {
      programs.push(kind === 0 && names.hasRoom(16) ? startName() : startRow());
    } else if (kind < 8 && programs.length > 0) {
      const at = below(programs.length);
      if (programs[at]()) programs.splice(at, 1);
    } else {
      sink.stopAfter(next() < 0.3 ? 1 + below(3) : Infinity);
      merger.drain(sink, now);
    }
  }
  while (programs.length > 0) {
    now++;
    if (programs[0]()) programs.shift();
    sink.stopAfter(Infinity);
    merger.drain(sink, now);
  }
  sink.stopAfter(Infinity);
  merger.drain(sink, Infinity);
  assert.deepEqual(sink.nameless, [], `seed ${seed}`);
  assert.deepEqual([...sink.rows].sort((a, b) => a - b), ends.map((_, row) => row), `seed ${seed}`);
  assert.ok(sink.rows.length > 1000, `seed ${seed}: ${sink.rows.length} rows`);
  assert.equal(sink.names.size, lastName, `seed ${seed}`);
  let latest = -1; // when the last of the rows so far read the clock
  for (const row of sink.rows) {
    assert.ok(
      written[row] > latest,
      `seed ${seed}: row ${row} was there at ${written[row]}, one before it ends at ${latest}`,
    );
    latest = Math.max(latest, ends[row]);
  }
});
