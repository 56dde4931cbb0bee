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
  readonly #size: number;
  readonly #wrapped = new Int32Array(LONGEST_RECORD / 4);
  #position: number;

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
    this.#words = new Int32Array(producerAndData, pageSize, size / 4);
    this.#size = size;
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
    const mask = this.#size - 1;
    const end = Number(Atomics.load(this.#producer, 0));
    let position = this.#position;
    let goesOn = true;
    while (goesOn && position < end) {
      const offset = position % this.#size;
      const header = Atomics.load(words, offset >>> 2);
      if ((header & BUSY) !== 0) break;
      const length = header & LENGTH_MASK;
      const padded = (length + 7) & ~7;
      position += HEADER_BYTES + padded;
      if ((header & DISCARD) !== 0) continue;
      const at = (offset + HEADER_BYTES) & mask;
      goesOn = at + padded <= this.#size
        ? sink.record(words, at >>> 2, length)
        : sink.record(this.#unwrap(at, padded), 0, length);
    }
    if (position !== this.#position) {
      this.#position = position;
      Atomics.store(this.#consumer, 0, BigInt(position));
    }
    return !goesOn;
  }

  #unwrap(at: number, bytes: number): Int32Array {
    const first = this.#size - at;
    this.#wrapped.set(this.#words.subarray(at >>> 2));
    this.#wrapped.set(this.#words.subarray(0, (bytes - first) >>> 2), first >>> 2);
    return this.#wrapped;
  }
}
