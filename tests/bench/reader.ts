/**
 * The reader at rates that this machine cannot make: a ring in memory that is full of records once, of which so many are said to
 * be written as would be by now. So the writer costs nothing, and the reader, the decoder and the records are the real ones.
 */
import { cpuUsage } from "node:process";
import type { Decoder } from "../../bpf/decoder.ts";
import { type RecordSink, RingReader, RowMerger } from "../../bpf/ring_reader.ts";
import { callRecord, decoding, feed, pathRecord, taskRecord, textRecord } from "../bpf/records.ts";

const PAGE = 4096;
const HEADER_BYTES = 8;
const DISCARD = 0x4000_0000;

/** The default of `--ring-size`, and the bytes of each of so many rings of rows. */
const RING_BYTES = 16 * 1024 * 1024;
const bytesOf = (rings: number) => rings === 1 ? RING_BYTES : RING_BYTES / 2 / rings;

/** Rings of machines with fewer than 32 CPUs, with fewer than 64, and with more. */
const RINGS = [1, 4, 8];

const FILES = 1000;
const TASKS = 64;

/** Pause between two looks, milliseconds: the shortest that a trace makes. */
const PAUSE_MS = 4;

/** Rates of the simulation, calls a second. */
const RATES = [1e6, 2.5e6, 5e6, 10e6, 20e6];

/** Calls whose records are alike. */
interface Mix {
  name: string;
  /** The record of call `i`, by task `1 + i % TASKS`. */
  record(i: number): Uint8Array;
}

const MIXES: readonly Mix[] = [
  {
    name: "reads of 1,000 files",
    record: (i) =>
      callRecord({
        taskId: 1 + i % TASKS,
        enterNs: BigInt(1000 * i),
        gapNs: 900n,
        ret: 4096n,
        fd: 3,
        fileId: 1 + i % FILES,
        size: 4096,
      }),
  },
  {
    name: "stat of 1,000 paths",
    record: (i) =>
      textRecord({ nr: 4, taskId: 1 + i % TASKS, enterNs: BigInt(1000 * i), gapNs: 900n }, {
        path: `/usr/share/zoneinfo/${i % FILES}`,
      }),
  },
];

/** A ring whose records are there already: writing is moving its position on. */
class SyntheticRing {
  readonly reader: RingReader;
  /** Where each record ends, from the start of the ring. */
  readonly #ends: number[] = [];
  readonly #producer: BigInt64Array;
  readonly #consumer: BigInt64Array;
  readonly #size: number;
  #written = 0;

  /** The ring of the calls `first`, `first + step` and so on. */
  constructor({ record }: Mix, size: number, first: number, step: number) {
    this.#size = size;
    const memory = new ArrayBuffer(PAGE + size);
    const consumer = new ArrayBuffer(PAGE);
    const data = new DataView(memory, PAGE);
    for (let at = 0; at < size;) {
      const bytes = record(first + this.#ends.length * step);
      const length = HEADER_BYTES + Math.ceil(bytes.length / 8) * 8;
      const rest = size - at;
      if (length <= rest) {
        data.setUint32(at, bytes.length, true);
        new Uint8Array(memory, PAGE + at + HEADER_BYTES).set(bytes);
        at += length;
      } else {
        data.setUint32(at, (rest - HEADER_BYTES) | DISCARD, true);
        at = size;
      }
      this.#ends.push(at);
    }
    this.#producer = new BigInt64Array(memory, 0, 1);
    this.#consumer = new BigInt64Array(consumer, 0, 1);
    this.reader = new RingReader(consumer, memory, PAGE, size);
  }

  /** Writes so many records, or as many as there is room for; answers with their number. */
  write(count: number): number {
    const end = Number(this.#consumer[0]) + this.#size;
    let [fits, tooMany] = [this.#written, this.#written + Math.min(count, this.#ends.length) + 1];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (this.#position(middle) <= end) fits = middle;
      else tooMany = middle;
    }
    const added = fits - this.#written;
    this.#written = fits;
    this.#producer[0] = BigInt(this.#position(fits));
    return added;
  }

  /** Where the first so many records end. */
  #position(records: number): number {
    const inRound = records % this.#ends.length;
    return Math.floor(records / this.#ends.length) * this.#size +
      (inRound === 0 ? 0 : this.#ends[inRound - 1]);
  }
}

/** Rings that are written in turn. */
class SyntheticRings {
  readonly #rings: readonly SyntheticRing[];
  readonly #merger: RowMerger | null;

  constructor(mix: Mix, count: number) {
    this.#rings = Array.from({ length: count }, (_, i) => new SyntheticRing(mix, bytesOf(count), i, count));
    const noNames = new RingReader(new ArrayBuffer(PAGE), new ArrayBuffer(2 * PAGE), PAGE, PAGE);
    this.#merger = count === 1 ? null : new RowMerger(noNames, this.#rings.map(({ reader }) => reader));
  }

  /** Writes so many records, or as many as there is room for; answers with their number. */
  write(count: number): number {
    return this.#rings.reduce((sum, ring) => sum + ring.write(Math.ceil(count / this.#rings.length)), 0);
  }

  /** Decodes what is in the rings. */
  decode(decoder: Decoder): void {
    for (let full = true; full;) {
      full = this.#merger === null
        ? this.#rings[0].reader.drain(decoder)
        : this.#merger.drain(decoder, Infinity);
      const batch = decoder.takeBatch();
      if (batch) decoder.recycle(batch.columns);
    }
  }

  /** Walks over what is in the only ring. */
  walk(sink: RecordSink): void {
    this.#rings[0].reader.drain(sink);
  }
}

/** What a reader did. */
interface Reading {
  /** Records that were written. */
  written: number;
  /** The time of its looks, a part of all. */
  busy: number;
  /** Lost records, a part of all. */
  lost: number;
}

/** Reads rings that are written at a rate for some time; with no rate as fast as it can, and they are full at each look. */
function simulate(rings: SyntheticRings, read: () => void, seconds: number, rate: number | null): Reading {
  const start = performance.now();
  let [written, lost, busyMs] = [0, 0, 0];
  for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - start) {
    const due = rate === null ? RING_BYTES : Math.floor(rate * elapsedMs / 1000) - written - lost;
    const fits = rings.write(due);
    written += fits;
    if (rate !== null) lost += Math.max(0, due - fits);
    const begin = performance.now();
    read();
    const end = performance.now();
    busyMs += end - begin;
    // A look that found little is followed by a pause, as in a trace.
    while (rate !== null && end - begin < PAUSE_MS && performance.now() < end + PAUSE_MS);
  }
  return {
    written,
    busy: busyMs / (performance.now() - start),
    lost: lost / Math.max(1, written + lost),
  };
}

/** A decoder that knows the names already. */
function knowingDecoder(): Decoder {
  const { decoder } = decoding();
  for (let task = 1; task <= TASKS; task++) feed(decoder, taskRecord({ taskId: task, pid: task }));
  for (let file = 1; file <= FILES; file++) feed(decoder, pathRecord(file, `/data/file-${file}`));
  return decoder;
}

/** Takes the first word of each record: what cannot be done in less. */
class Toucher implements RecordSink {
  #sum = 0;

  record(words: Int32Array, at: number): boolean {
    this.#sum = (this.#sum + words[at]) | 0;
    return true;
  }
}

/** Time of a core that a record takes, nanoseconds; what other programs do meanwhile does not count. */
function cpuNs(rings: SyntheticRings, read: () => void, seconds: number): number {
  simulate(rings, read, seconds / 4, null); // warms the compiler up
  const before = cpuUsage();
  const { written } = simulate(rings, read, seconds, null);
  const { user, system } = cpuUsage(before);
  return (user + system) * 1000 / written;
}

/** What the reader reaches on one core, with one ring and with several, and what it loses at each rate. */
export function readerLines(seconds: number): string[] {
  const millions = (rate: number) => (rate / 1e6).toFixed(1);
  return MIXES.flatMap((mix) => {
    const decoder = knowingDecoder();
    const [rings, ...more] = RINGS.map((count) => new SyntheticRings(mix, count));
    const read = () => rings.decode(decoder);
    const decodedNs = cpuNs(rings, read, seconds);
    const simulated = RATES.map((rate) => {
      const { busy, lost } = simulate(rings, read, seconds, rate);
      return `    at ${millions(rate)} million/s: ${(100 * busy).toFixed(0)}% of a core, ${
        (100 * lost).toFixed(1)
      }% lost`;
    });
    const merged = more.map((rings, i) =>
      `${cpuNs(rings, () => rings.decode(decoder), seconds).toFixed(0)} of ${RINGS[i + 1]} rings`
    );
    const toucher = new Toucher();
    const walkedNs = cpuNs(rings, () => rings.walk(toucher), seconds);
    return [
      `  ${mix.name}: ${decodedNs.toFixed(0)} ns a record, ${
        millions(1e9 / decodedNs)
      } million/s on one core; ${merged.join(", ")}; ${walkedNs.toFixed(0)} if only walked`,
      ...simulated,
    ];
  });
}

if (import.meta.main) {
  for (const line of readerLines(1)) console.log(line);
}
