import type { ByteText } from "./byte_text.ts";

/** Bytes kept, and the longest text that is. Rows repeat few names many times. */
const CACHE_BYTES = 1024 * 1024;
const LONGEST_BYTES = 4096;

const ENCODER = new TextEncoder();

/**
 * Texts in the form that a format gives them: a look-up costs less than scanning each character. It is emptied when full, so a
 * run over many files costs only what it saves.
 */
export class TextCache {
  readonly #form: (text: string) => string;
  readonly #bytes = new Uint8Array(CACHE_BYTES);
  /** Start and length of a text among the bytes. */
  readonly #places = new Map<string, number>();
  #used = 0;

  /** `form` gives a text the form of the format, with its quotes for instance. */
  constructor(form: (text: string) => string) {
    this.#form = form;
  }

  /** Appends the form of `text`. */
  write(text: string, out: ByteText): void {
    const place = this.#places.get(text) ?? this.#keep(text, out);
    if (place < 0) return;
    const start = Math.floor(place / LONGEST_BYTES);
    out.bytes(this.#bytes, start, start + place % LONGEST_BYTES);
  }

  /** The place of a new text; -1 for one that is too long to keep, which is appended. */
  #keep(text: string, out: ByteText): number {
    const bytes = ENCODER.encode(this.#form(text));
    if (bytes.length >= LONGEST_BYTES) {
      out.bytes(bytes);
      return -1;
    }
    if (this.#used + bytes.length > CACHE_BYTES) {
      this.#places.clear();
      this.#used = 0;
    }
    const place = this.#used * LONGEST_BYTES + bytes.length;
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#places.set(text, place);
    return place;
  }
}
