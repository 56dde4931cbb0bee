import type { Access } from "../../runtime/file_sessions.ts";

/** Of so many calls one may jump in a sequential access: a header is read again, a file is rewound. */
const SEQUENTIAL_PER_JUMP = 20;

/** Part of the calls that follow the same stride in a strided access. */
const STRIDED_PART = 0.9;

/** Fewest calls in which a stride can be seen twice. */
const STRIDED_LEAST = 4;

/** Where appended bytes are counted from, as the end of a file is not known: beyond 4 PB, where no other call is. */
const APPENDED = 2 ** 52;

/**
 * Follows the position of an open file description by what calls returned: reads and writes move it, `lseek` sets it, and
 * calls with an offset of their own leave it. Without the beginning positions are relative until the first seek.
 */
export class AccessPattern {
  #calls = 0;
  #jumps = 0;
  #sameStrides = 0;
  #unplaced = 0;
  #position = 0;
  #appendedEnd = APPENDED;
  #isAbsolute: boolean;
  #lastStart = NaN;
  #lastEnd = 0;
  #lastStride = NaN;

  /** `isNew` when the description has just been opened, and its position is 0. */
  constructor(isNew: boolean) {
    this.#isAbsolute = isNew;
  }

  /** A read or write at the position has moved so many bytes. */
  move(bytes: number): void {
    const start = this.#position;
    if (bytes > 0) this.#position += bytes;
    this.moveAt(start, bytes);
  }

  /** A call has moved so many bytes at an offset of its own: the position stays. */
  moveAt(start: number, bytes: number): void {
    if (!(bytes > 0)) return;
    if (this.#calls > 0 && start !== this.#lastEnd) this.#jumps++;
    const stride = start - this.#lastStart;
    if (stride === this.#lastStride) this.#sameStrides++;
    this.#lastStride = stride;
    this.#lastStart = start;
    this.#lastEnd = start + bytes;
    this.#calls++;
  }

  /** A write has added so many bytes to the end of the file, wherever the position was, and moved it there or not. */
  append(bytes: number, movesPosition: boolean): void {
    if (!(bytes > 0)) return;
    const start = this.#appendedEnd;
    this.#appendedEnd += bytes;
    if (movesPosition) this.#position = this.#appendedEnd;
    this.moveAt(start, bytes);
  }

  /** The position has been set. */
  seek(to: number): void {
    if (!this.#isAbsolute) {
      // Whether it has moved is not known.
      this.#isAbsolute = true;
      this.#lastEnd = to;
      this.#lastStart = NaN;
    }
    this.#position = to;
  }

  /** A call has moved so many bytes at a place that is not known. */
  moveElsewhere(bytes: number): void {
    if (bytes > 0) this.#unplaced++;
  }

  /** What it was; `null` for fewer than two calls, which have no pattern. */
  get access(): Access | null {
    const calls = this.#calls + this.#unplaced;
    if (calls < 2) return null;
    if (this.#unplaced > this.#calls) return "unknown";
    if (this.#jumps * SEQUENTIAL_PER_JUMP <= this.#calls) return "sequential";
    const isStrided = this.#calls >= STRIDED_LEAST &&
      this.#sameStrides >= STRIDED_PART * (this.#calls - 2);
    return isStrided ? "strided" : "random";
  }
}
