/**
 * Reads the kernel's ring buffer as memory. The ring of `size` bytes is two mappings of its descriptor:
 *
 *     offset 0            one page, read-write: the consumer position
 *     offset page         one page, read-only: the producer position
 *     offset 2 * page     `size` bytes, read-only: the data
 *
 * (kernel/bpf/ringbuf.c, struct bpf_ringbuf; the kernel maps the data a second time after the first; the second is not
 * mapped here: it would count twice in the resident set. A record that wraps is copied instead.)
 *
 * Positions only grow; a record is a header of 8 bytes (length with a busy and a discard bit, page offset) and its
 * bytes, padded to 8. The kernel publishes a record by clearing the busy bit of its length, and the reader frees it
 * by advancing the consumer position.
 */
import { loadInOrder } from "./machine.ts";

const HEADER_BYTES = 8;
const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;
const LENGTH_MASK = 0x3fff_ffff;

/** Longest record that may wrap around the end of the ring. */
const LONGEST_RECORD = 16384;

/** Takes records out of the ring. */
export interface RecordSink {
  /**
   * A record at `words[at]`, `bytes` long. The memory is the kernel's: valid during the call only.
   *
   * @returns False to stop draining after this record.
   */
  record(words: Int32Array, at: number, bytes: number): boolean;
}

/** A reader over mapped memory. */
export class RingReader {
  readonly #consumer: BigInt64Array;
  readonly #producer: BigInt64Array;
  readonly #words: Int32Array;
  readonly #wrapped = new Int32Array(LONGEST_RECORD / 4);
  /** Size of the ring in bytes. */
  readonly size: number;
  #position: number;
  /** The record that {@linkcode RingReader.peek} points at: its words, where it begins in them, and its length in bytes. */
  words: Int32Array;
  at = 0;
  bytes = 0;

  /**
   * @param consumerPage The page with the consumer position, writable.
   * @param producerAndData The page with the producer position, followed by the data.
   * @param pageSize Size of a page in bytes.
   * @param size Size of the ring in bytes, a power of two.
   */
  constructor(consumerPage: ArrayBuffer, producerAndData: ArrayBuffer, pageSize: number, size: number) {
    if (size < pageSize || (size & (size - 1)) !== 0) {
      throw new RangeError(
        `Cannot read a ring of ${size} bytes: the size must be a power of two and at least a page`,
      );
    }
    this.#consumer = new BigInt64Array(consumerPage, 0, 1);
    this.#producer = new BigInt64Array(producerAndData, 0, 1);
    this.words = this.#words = new Int32Array(producerAndData, pageSize, size / 4);
    this.size = size;
    this.#position = Number(Atomics.load(this.#consumer, 0));
  }

  /** Bytes waiting to be read. */
  get pendingBytes(): number {
    return Number(Atomics.load(this.#producer, 0)) - this.#position;
  }

  /**
   * Hands the records that are in the ring now to the sink, oldest first, until one is still being written or the
   * sink stops it. What is written meanwhile waits for the next call: a reader that followed a busy writer would never
   * return.
   *
   * @returns True when the sink stopped it: there may be more.
   */
  drain(sink: RecordSink): boolean {
    const words = this.#words;
    const mask = this.size - 1;
    const end = Number(Atomics.load(this.#producer, 0));
    let position = this.#position;
    let goesOn = true;
    while (goesOn && position < end) {
      const offset = position % this.size;
      const header = loadInOrder(words, offset >>> 2);
      if ((header & BUSY) !== 0) break;
      const length = header & LENGTH_MASK;
      const padded = (length + 7) & ~7;
      position += HEADER_BYTES + padded;
      if ((header & DISCARD) !== 0) continue;
      const at = (offset + HEADER_BYTES) & mask;
      goesOn = at + padded <= this.size
        ? sink.record(words, at >>> 2, length)
        : sink.record(this.#unwrap(at, padded), 0, length);
    }
    if (position !== this.#position) {
      this.#position = position;
      Atomics.store(this.#consumer, 0, BigInt(position));
    }
    return !goesOn;
  }

  /** How far the ring is read. */
  get position(): number {
    return this.#position;
  }

  /** How far the ring is written now. */
  writtenTo(): number {
    return Number(Atomics.load(this.#producer, 0));
  }

  /** Remembers what is in the ring now: returns whether all of it has been read. */
  mark(): () => boolean {
    const end = this.writtenTo();
    return () => this.#position >= end;
  }

  /**
   * Points at the next record before a position of {@linkcode RingReader.writtenTo}, in `words` at `at`.
   *
   * @returns What is there: `busy` is a record that is still being written, `end` none.
   */
  peek(end: number): "record" | "busy" | "end" {
    while (this.#position < end) {
      const offset = this.#position % this.size;
      const header = loadInOrder(this.#words, offset >>> 2);
      if ((header & BUSY) !== 0) return "busy";
      const length = header & LENGTH_MASK;
      const padded = (length + 7) & ~7;
      if ((header & DISCARD) === 0) {
        const at = (offset + HEADER_BYTES) & (this.size - 1);
        const isWhole = at + padded <= this.size;
        this.words = isWhole ? this.#words : this.#unwrap(at, padded);
        this.at = isWhole ? at >>> 2 : 0;
        this.bytes = length;
        return "record";
      }
      this.#position += HEADER_BYTES + padded;
    }
    return "end";
  }

  /** Points at each record that is there behind one that is still being written, before a position of {@linkcode RingReader.writtenTo}. */
  *behind(end: number): Iterable<void> {
    const busy = this.#position;
    this.#position += this.#lengthAt(busy);
    for (; this.#position < end; this.#position += this.#lengthAt(this.#position)) {
      if (this.peek(end) === "record") yield;
    }
    this.#position = busy;
  }

  /** Bytes of the record at a position, with its header. */
  #lengthAt(position: number): number {
    const header = loadInOrder(this.#words, (position % this.size) >>> 2);
    return HEADER_BYTES + (((header & LENGTH_MASK) + 7) & ~7);
  }

  /** Steps over the record that was pointed at. Its room is the kernel's again at {@linkcode RingReader.release}. */
  step(): void {
    this.#position += HEADER_BYTES + ((this.bytes + 7) & ~7);
  }

  /** Gives the room of what was read back to the kernel. */
  release(): void {
    Atomics.store(this.#consumer, 0, BigInt(this.#position));
  }

  #unwrap(at: number, bytes: number): Int32Array {
    const first = this.size - at;
    this.#wrapped.set(this.#words.subarray(at >>> 2));
    this.#wrapped.set(this.#words.subarray(0, (bytes - first) >>> 2), first >>> 2);
    return this.#wrapped;
  }
}

/** Takes rows that come from several rings, and names that come from another one. */
export interface RowSink extends RecordSink {
  /** When the call of a row ended, nanoseconds of the programs' clock. */
  endOf(words: Int32Array, at: number): number;
  /** Whether a name that a row needs has not come yet. */
  lacksName(words: Int32Array, at: number): boolean;
}

/**
 * Takes rows out of the rings of several groups of CPUs, by the time at which their calls ended, and the names out of theirs as
 * rows need them.
 *
 * A program reads the clock, then reserves the row's record. So what was caused by a call ended later than its row was there,
 * and comes later here: of the rows seen, only those are taken that ended before the caller read the clock, which was before the
 * rings were looked at. A record that is still being written holds up its own ring, and in the others what ended later than a
 * row behind it. Names are looked at last: all that the rows seen need are there, or behind one that is still being written,
 * which holds up all.
 */
export class RowMerger {
  readonly #names: RingReader;
  readonly #rows: readonly RingReader[];
  /** By ring: how far it is read this time, and when the call of its next row ended; Infinity for none. */
  readonly #ends: Float64Array;
  readonly #times: Float64Array;
  /** By ring: where a record was still being written the last time. */
  readonly #busyAt: Float64Array;
  /** Only rows whose calls ended before this are taken this time. */
  #untilNs = 0;

  constructor(names: RingReader, rows: readonly RingReader[]) {
    this.#names = names;
    this.#rows = rows;
    this.#ends = new Float64Array(rows.length);
    this.#times = new Float64Array(rows.length);
    this.#busyAt = new Float64Array(rows.length).fill(-1);
  }

  /** Bytes waiting in the fullest ring, as a part of its size. */
  get fill(): number {
    return Math.max(...[this.#names, ...this.#rows].map(({ pendingBytes, size }) => pendingBytes / size));
  }

  /** Remembers what is in the rings now: returns whether all of it has been read. */
  mark(): () => boolean {
    const marks = [this.#names, ...this.#rows].map((ring) => ring.mark());
    return () => marks.every((isRead) => isRead());
  }

  /**
   * Hands rows whose calls ended before `untilNs` to the sink, and names, until the sink stops it.
   *
   * @returns True when the sink stopped it: there may be more.
   */
  drain(sink: RowSink, untilNs: number): boolean {
    this.#rows.forEach((ring, i) => this.#ends[i] = ring.writtenTo());
    const namesEnd = this.#names.writtenTo();
    // Numbers of names are given again: a row that was held up long would find others under them, so then all wait for it.
    if (
      this.#rows.some((ring, i) => this.#busyAt[i] === ring.position && ring.peek(this.#ends[i]) === "busy")
    ) return false;
    this.#untilNs = untilNs;
    this.#rows.forEach((_, i) => this.#look(sink, i));
    const goesOn = this.#takeRows(sink, namesEnd);
    for (const ring of this.#rows) ring.release();
    this.#names.release();
    return !goesOn;
  }

  /** False when the sink stopped it. */
  #takeRows(sink: RowSink, namesEnd: number): boolean {
    for (;;) {
      // The ring whose next row ended first, and when the first row of the others did.
      let first = -1;
      let earliest = this.#untilNs;
      let limit = this.#untilNs;
      for (let i = 0; i < this.#times.length; i++) {
        const time = this.#times[i];
        if (time < earliest) {
          limit = earliest;
          earliest = time;
          first = i;
        } else if (time < limit) {
          limit = time;
        }
      }
      if (first < 0) break;
      const ring = this.#rows[first];
      do {
        while (sink.lacksName(ring.words, ring.at)) {
          const next = this.#names.peek(namesEnd);
          if (next === "busy") return true;
          if (next === "end") break;
          if (!take(this.#names, sink)) return false;
        }
        const goesOn = take(ring, sink);
        this.#look(sink, first);
        if (!goesOn) return false;
      } while (this.#times[first] < limit && limit <= this.#untilNs);
    }
    while (this.#names.peek(namesEnd) === "record") {
      if (!take(this.#names, sink)) return false;
    }
    return true;
  }

  /** Looks at the next row of a ring. What waits behind one that is still being written holds up what ended later. */
  #look(sink: RowSink, i: number): void {
    const ring = this.#rows[i];
    const next = ring.peek(this.#ends[i]);
    this.#times[i] = next === "record" ? sink.endOf(ring.words, ring.at) : Infinity;
    if (next !== "busy") return;
    this.#busyAt[i] = ring.position;
    for (const _ of ring.behind(this.#ends[i])) {
      this.#untilNs = Math.min(this.#untilNs, sink.endOf(ring.words, ring.at));
    }
  }
}

/** Hands the record that a reader points at to the sink; false when that stops. */
function take(ring: RingReader, sink: RecordSink): boolean {
  const goesOn = sink.record(ring.words, ring.at, ring.bytes);
  ring.step();
  return goesOn;
}
