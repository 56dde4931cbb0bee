/** Text as bytes in a buffer that grows. Rows are written without a string for each of them. */

/** Bytes of the buffer at first. */
const FIRST_BYTES = 64 * 1024;

/** Room kept behind the text: what is short is written in whole words, over the end of what counts. */
const SLACK_BYTES = 16;

/** Bytes from which on they are copied by the runtime and not one by one. */
const LONG_BYTES = 64;

/** Numbers of three digits, and of nine. */
const THOUSAND = 1_000;
const MILLION = 1_000_000;
const MILLIARD = 1_000_000_000;

/** The most digits of a number below a milliard. */
const DIGITS = 9;

const ZERO = 0x30;
const MINUS = 0x2d;

const ENCODER = new TextEncoder();

/** The three digits of each number below a thousand, the first in the lowest byte. */
const THREE_DIGITS = Int32Array.from({ length: THOUSAND }, (_, value) => {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  return (ZERO + hundreds) | (ZERO + tens) << 8 | (ZERO + ones) << 16;
});

/** Bytes that are written often: whole words, of which so many bytes count. */
export interface Piece {
  readonly words: Int32Array;
  readonly length: number;
}

/** A text as a piece. */
export function pieceOf(text: string): Piece {
  const bytes = ENCODER.encode(text);
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return { words, length: bytes.length };
}

/** UTF-8 text in the making. */
export class ByteText {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;
  /** The length from which on there is too little room. */
  #limit: number;

  /** `memory` is used until it is too small. */
  constructor(memory: ArrayBuffer = new ArrayBuffer(FIRST_BYTES)) {
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
    this.#limit = memory.byteLength - SLACK_BYTES;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (this.#length + 1 > this.#limit) this.#grow(this.#length + 1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends other bytes. */
  bytes(from: Uint8Array): void {
    const end = this.#length + from.length;
    if (end > this.#limit) this.#grow(end);
    if (from.length > LONG_BYTES) this.#bytes.set(from, this.#length);
    else for (let i = 0; i < from.length; i++) this.#bytes[this.#length + i] = from[i];
    this.#length = end;
  }

  /** Appends a piece. */
  piece({ words, length }: Piece): void {
    this.words(words, 0, length);
  }

  /** Appends so many bytes of words that begin at an index. */
  words(words: Int32Array, from: number, bytes: number): void {
    const end = this.#length + bytes;
    if (end > this.#limit) this.#grow(end);
    const view = this.#view;
    for (let at = this.#length; at < end; at += 4) view.setInt32(at, words[from++], true);
    this.#length = end;
  }

  /** Appends a string. */
  text(text: string): void {
    const end = this.#length + 3 * text.length;
    if (end > this.#limit) this.#grow(end);
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
    if (rest < MILLIARD) return this.#short(rest);
    const high = Math.floor(rest / MILLIARD);
    this.#short(high);
    this.nineDigits(rest - high * MILLIARD);
  }

  /** Appends the integer at an index of a column in decimal. A large number that is handed on costs an object. */
  integerAt(column: Float64Array, i: number): void {
    const value = column[i];
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value)) {
      this.integer(value);
    } else if (value < MILLIARD) {
      this.#short(value | 0);
    } else {
      const high = Math.floor(value / MILLIARD);
      this.#short(high | 0);
      this.nineDigits((value - high * MILLIARD) | 0);
    }
  }

  /** Appends a whole number below a milliard with all nine digits. */
  nineDigits(value: number): void {
    const at = this.#length;
    if (at + DIGITS > this.#limit) this.#grow(at + DIGITS);
    const view = this.#view;
    const whole = value | 0;
    const thousands = (whole / THOUSAND) | 0;
    const millions = (whole / MILLION) | 0;
    view.setInt32(at, THREE_DIGITS[millions], true);
    view.setInt32(at + 3, THREE_DIGITS[thousands - millions * THOUSAND], true);
    view.setInt32(at + 6, THREE_DIGITS[whole - thousands * THOUSAND], true);
    this.#length = at + DIGITS;
  }

  /** A copy of the bytes so far, which holds no memory but theirs; the next text begins. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** The memory of the bytes so far, to be given away; the next text begins, in other memory. */
  takeMemory(next?: ArrayBuffer): { buffer: ArrayBuffer; bytes: number } {
    const taken = { buffer: this.#view.buffer, bytes: this.#length };
    this.#use(next ?? new ArrayBuffer(FIRST_BYTES));
    this.#length = 0;
    return taken;
  }

  /** Appends a whole number below a milliard. */
  #short(value: number): void {
    if (this.#length + DIGITS > this.#limit) this.#grow(this.#length + DIGITS);
    const whole = value | 0;
    if (whole < THOUSAND) return this.#leading(whole);
    const view = this.#view;
    const thousands = (whole / THOUSAND) | 0;
    if (whole < MILLION) {
      this.#leading(thousands);
    } else {
      const millions = (whole / MILLION) | 0;
      this.#leading(millions);
      view.setInt32(this.#length, THREE_DIGITS[thousands - millions * THOUSAND], true);
      this.#length += 3;
    }
    view.setInt32(this.#length, THREE_DIGITS[whole - thousands * THOUSAND], true);
    this.#length += 3;
  }

  /** Appends a number below a thousand without leading zeros. */
  #leading(value: number): void {
    const zeros = value < 10 ? 2 : value < 100 ? 1 : 0;
    this.#view.setInt32(this.#length, THREE_DIGITS[value] >>> 8 * zeros, true);
    this.#length += 3 - zeros;
  }

  /** Makes room up to an end, which is beyond the limit. */
  #grow(end: number): void {
    const text = this.#bytes.subarray(0, this.#length);
    this.#use(new ArrayBuffer(Math.max(2 * this.#bytes.length, end + SLACK_BYTES)));
    this.#bytes.set(text);
  }

  #use(memory: ArrayBuffer): void {
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
    this.#limit = memory.byteLength - SLACK_BYTES;
  }
}
