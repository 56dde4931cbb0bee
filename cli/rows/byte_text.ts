/** Text as bytes in a buffer that grows. Rows are written without a string for each of them. */

/** Bytes of the buffer at first, and of pieces from which on they are copied by the runtime and not one by one. */
const FIRST_BYTES = 64 * 1024;
const SHORT_BYTES = 64;

/** Digits that fit an integer of 32 bits, and the number they end at. */
const DIGITS = 9;
const PER_DIGITS = 1_000_000_000;

const ZERO = 0x30;
const MINUS = 0x2d;

const ENCODER = new TextEncoder();

/** UTF-8 text in the making. */
export class ByteText {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends a part of other bytes, by default all of them. */
  bytes(from: Uint8Array, start = 0, end: number = from.length): void {
    const size = end - start;
    if (this.#length + size > this.#bytes.length) this.#grow(size);
    const bytes = this.#bytes;
    let at = this.#length;
    this.#length = at + size;
    if (size > SHORT_BYTES) bytes.set(from.subarray(start, end), at);
    else while (start < end) bytes[at++] = from[start++];
  }

  /** Appends a string. */
  text(text: string): void {
    const most = 3 * text.length;
    if (this.#length + most > this.#bytes.length) this.#grow(most);
    this.#length += ENCODER.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** Appends an integer in decimal. */
  integer(value: number | bigint): void {
    if (!Number.isSafeInteger(value)) return this.text(String(value));
    let rest = value as number;
    if (rest < 0) {
      this.byte(MINUS);
      rest = -rest;
    }
    if (rest < PER_DIGITS) return this.#digits(rest, digitsOf(rest));
    const high = Math.floor(rest / PER_DIGITS);
    this.#digits(high, digitsOf(high));
    this.#digits(rest - high * PER_DIGITS, DIGITS);
  }

  /** Appends a whole number below a milliard with all nine digits. */
  nineDigits(value: number): void {
    this.#digits(value, DIGITS);
  }

  /** A copy of the bytes so far, which holds no memory but theirs; the next text begins. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #digits(value: number, digits: number): void {
    if (this.#length + digits > this.#bytes.length) this.#grow(digits);
    const bytes = this.#bytes;
    const start = this.#length;
    this.#length = start + digits;
    let rest = value | 0;
    for (let at = start + digits - 1; at >= start; at--) {
      const tens = (rest / 10) | 0;
      bytes[at] = ZERO + rest - 10 * tens;
      rest = tens;
    }
  }

  #grow(size: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Digits of a whole number below a milliard. */
function digitsOf(value: number): number {
  if (value < 100_000) {
    return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : value < 10_000 ? 4 : 5;
  }
  return value < 10_000_000 ? (value < 1_000_000 ? 6 : 7) : value < 100_000_000 ? 8 : 9;
}
