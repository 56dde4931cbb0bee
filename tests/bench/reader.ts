/**
 * The reader at rates that this machine cannot make: a ring in memory that is full of records once, of which so many are said to
 * be written as would be by now. So the writer costs nothing, and the reader, the decoder and the records are the real ones.
 */
import { cpuUsage } from "node:process";
import { type RecordSink, RingReader } from "../../bpf/ring_reader.ts";
import { callRecord, decoding, feed, pathRecord, taskRecord, textRecord } from "../bpf/records.ts";

const PAGE = 4096;
const HEADER_BYTES = 8;
const DISCARD = 0x4000_0000;

/** The default of `--ring-size`. */
const RING_BYTES = 16 * 1024 * 1024;

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
  #written = 0;

  constructor({ record }: Mix) {
    const memory = new ArrayBuffer(PAGE + RING_BYTES);
    const consumer = new ArrayBuffer(PAGE);
    const data = new DataView(memory, PAGE);
    for (let at = 0; at < RING_BYTES;) {
      const bytes = record(this.#ends.length);
      const length = HEADER_BYTES + Math.ceil(bytes.length / 8) * 8;
      const rest = RING_BYTES - at;
      if (length <= rest) {
        data.setUint32(at, bytes.length, true);
        new Uint8Array(memory, PAGE + at + HEADER_BYTES).set(bytes);
        at += length;
      } else {
        data.setUint32(at, (rest - HEADER_BYTES) | DISCARD, true);
        at = RING_BYTES;
      }
      this.#ends.push(at);
    }
    this.#producer = new BigInt64Array(memory, 0, 1);
    this.#consumer = new BigInt64Array(consumer, 0, 1);
    this.reader = new RingReader(consumer, memory, PAGE, RING_BYTES);
  }

  /** Writes so many records, or as many as there is room for; answers with their number. */
  write(count: number): number {
    const end = Number(this.#consumer[0]) + RING_BYTES;
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
    return Math.floor(records / this.#ends.length) * RING_BYTES +
      (inRound === 0 ? 0 : this.#ends[inRound - 1]);
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

/** Reads what is in the ring. */
type Read = (reader: RingReader) => void;

/** Reads a ring that is written at a rate for some time; with no rate as fast as it can, and it is full at each look. */
function simulate(ring: SyntheticRing, read: Read, seconds: number, rate: number | null): Reading {
  const start = performance.now();
  let [written, lost, busyMs] = [0, 0, 0];
  for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - start) {
    const due = rate === null ? RING_BYTES : Math.floor(rate * elapsedMs / 1000) - written - lost;
    const fits = ring.write(due);
    written += fits;
    if (rate !== null) lost += due - fits;
    const begin = performance.now();
    read(ring.reader);
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

/** The decoder, which knows the names already. */
function decode(): Read {
  const { decoder } = decoding();
  for (let task = 1; task <= TASKS; task++) feed(decoder, taskRecord({ taskId: task, pid: task }));
  for (let file = 1; file <= FILES; file++) feed(decoder, pathRecord(file, `/data/file-${file}`));
  return (reader) => {
    for (let full = true; full;) {
      full = reader.drain(decoder);
      const batch = decoder.takeBatch();
      if (batch) decoder.recycle(batch.columns);
    }
  };
}

/** A sink that takes the first word of each record: what cannot be done in less. */
function touch(): Read {
  let sum = 0;
  const sink: RecordSink = {
    record(words, at) {
      sum = (sum + words[at]) | 0;
      return true;
    },
  };
  return (reader) => void reader.drain(sink);
}

/** Time of a core that a record takes, nanoseconds; what other programs do meanwhile does not count. */
function cpuNs(ring: SyntheticRing, read: Read, seconds: number): number {
  simulate(ring, read, seconds / 4, null); // warms the compiler up
  const before = cpuUsage();
  const { written } = simulate(ring, read, seconds, null);
  const { user, system } = cpuUsage(before);
  return (user + system) * 1000 / written;
}

/** What the reader reaches on one core, and what it loses at each rate. */
export function readerLines(seconds: number): string[] {
  const millions = (rate: number) => (rate / 1e6).toFixed(1);
  return MIXES.flatMap((mix) => {
    const ring = new SyntheticRing(mix);
    const read = decode();
    const decodedNs = cpuNs(ring, read, seconds);
    const simulated = RATES.map((rate) => {
      const { busy, lost } = simulate(ring, read, seconds, rate);
      return `    at ${millions(rate)} million/s: ${(100 * busy).toFixed(0)}% of a core, ${
        (100 * lost).toFixed(1)
      }% lost`;
    });
    const walkedNs = cpuNs(ring, touch(), seconds);
    return [
      `  ${mix.name}: ${decodedNs.toFixed(0)} ns a record, ${
        millions(1e9 / decodedNs)
      } million/s on one core; ${walkedNs.toFixed(0)} ns if only walked`,
      ...simulated,
    ];
  });
}

if (import.meta.main) {
  for (const line of readerLines(1)) console.log(line);
}
