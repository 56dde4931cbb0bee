import { longer } from "../../runtime/longer.ts";
import { ByteText } from "./byte_text.ts";

/** Keys that are kept: every slot of a task or a file, the calls of every table, the numbers of errors. */
const MOST_KEYS = 1 << 18;

/** Places for keys, and words of texts, at first. */
const FIRST_KEYS = 1024;
const FIRST_WORDS = 4 * 1024;

/** Words kept in all, and of the longest text that is kept. */
const MOST_WORDS = 1024 * 1024;
const LONGEST_WORDS = 8 * 1024;

/** In place of a length: nothing is kept. */
const NONE = -1;

/**
 * Bytes that rows have in common, by the number of what they tell, such as a slot: copying them costs less than a look-up
 * of their text. It is emptied when full, so a run over many files costs only what it saves.
 */
export class KeptTexts {
  #words = new Int32Array(FIRST_WORDS);
  #used = 0;
  /** Index of the first word, and the number of bytes, by key. */
  #starts = new Uint32Array(FIRST_KEYS);
  #lengths = new Int32Array(FIRST_KEYS).fill(NONE);
  readonly #scratch = new ByteText();

  /** Appends what is kept under a key; false when nothing is. */
  write(key: number, out: ByteText): boolean {
    const length = key >= 0 && key < this.#lengths.length ? this.#lengths[key] : NONE;
    if (length === NONE) return false;
    out.words(this.#words, this.#starts[key], length);
    return true;
  }

  /** Keeps what `write` appends to a text, and appends it. */
  keep(key: number, write: (out: ByteText) => void, out: ByteText): void {
    write(this.#scratch);
    const bytes = this.#scratch.take();
    out.bytes(bytes);
    const size = Math.ceil(bytes.length / 4);
    if (!(key >= 0 && key < MOST_KEYS) || size > LONGEST_WORDS) return;
    if (this.#used + size > MOST_WORDS) {
      this.#lengths.fill(NONE);
      this.#used = 0;
    }
    if (key >= this.#lengths.length) this.#moreKeys(key);
    if (this.#used + size > this.#words.length) this.#words = longer(this.#words, 2 * (this.#used + size));
    new Uint8Array(this.#words.buffer, 4 * this.#used).set(bytes);
    this.#starts[key] = this.#used;
    this.#lengths[key] = bytes.length;
    this.#used += size;
  }

  /** Forgets what is kept under a key: it tells something else now. */
  forget(key: number): void {
    if (key < this.#lengths.length) this.#lengths[key] = NONE;
  }

  #moreKeys(key: number): void {
    const before = this.#lengths.length;
    this.#starts = longer(this.#starts, key + 1);
    this.#lengths = longer(this.#lengths, key + 1).fill(NONE, before);
  }
}
