import { type DecodedName, decodeName, joinPath } from "./file_names.ts";
import { FILE_SLOTS } from "./wire.ts";

/** Slots for paths given as the text of an argument: after those of the kernel's files. */
export const TEXT_SLOTS = 16384;

/** First slot of a text path. */
export const FIRST_TEXT_SLOT = FILE_SLOTS;

/** Every file slot a batch may carry is below this. */
export const ALL_FILE_SLOTS = FILE_SLOTS + TEXT_SLOTS;

/** Maximum number of calls in one batch: a quarter of a megabyte of columns, and a dozen batches may be under way. */
export const LARGEST_BATCH = 4096;

/** A batch ends once it holds this many new names; its last call may add two. */
export const MOST_NAMES = 4096;

/** A slot reused within one batch would change its meaning inside the batch: it is renewed instead. */
const RENEW_WITHIN = MOST_NAMES + 2;

/** Places of the table that finds slots, a power of two: half of them are empty. */
const PLACES = 2 * TEXT_SLOTS;

/**
 * Assigns the same slot to the same path; the oldest slots are reused first.
 *
 * `slotOf` returns the slot, and `added` tells whether its name is new to the consumers.
 *
 * A table of its own and not a `Map`: most texts that come here are new, and a map looks at several old texts, which are
 * far from the processor, to find that, and again to forget the one whose slot is reused. Here numbers tell.
 */
export class TextPaths {
  /** Index of a slot plus one in the first free place from that of its hash on; 0 in a free place. */
  readonly #places = new Int32Array(PLACES);
  readonly #hashes = new Int32Array(TEXT_SLOTS);
  readonly #keys: (string | undefined)[] = new Array(TEXT_SLOTS).fill(undefined);
  #next = 0;

  /** How often each slot was reassigned, by its index: tells whether it still stands for the same path. */
  readonly generations = new Uint32Array(TEXT_SLOTS);

  /** True when the last slot returned has a name that the consumers do not know yet. */
  added = false;

  /** True while a slot still has this generation and will not be reassigned within this batch. */
  isCurrent(slot: number, generation: number): boolean {
    const index = slot - FIRST_TEXT_SLOT;
    return this.generations[index] === generation && this.#untilReused(index) >= RENEW_WITHIN;
  }

  /** All known slots and their paths. */
  *names(): Iterable<[slot: number, path: string]> {
    for (const [index, key] of this.#keys.entries()) {
      if (key !== undefined) yield [FIRST_TEXT_SLOT + index, key.split("\0", 1)[0]];
    }
  }

  /** The slot of a path; a suffix after a NUL may distinguish raw names. */
  slotOf(path: string): number {
    const hash = hashOf(path);
    const known = this.#find(path, hash);
    if (known >= 0) {
      if (this.#untilReused(known) >= RENEW_WITHIN) {
        this.added = false;
        return FIRST_TEXT_SLOT + known;
      }
      this.#remove(known);
    }
    const index = this.#next;
    this.#next = (index + 1) % TEXT_SLOTS;
    if (this.#keys[index] !== undefined) this.#remove(index);
    this.generations[index]++;
    this.#add(index, path, hash);
    this.added = true;
    return FIRST_TEXT_SLOT + index;
  }

  /** Slots that are reused before this one. */
  #untilReused(index: number): number {
    return (index - this.#next + TEXT_SLOTS) % TEXT_SLOTS;
  }

  /** The index of a path, -1 when it has none. */
  #find(path: string, hash: number): number {
    for (let place = hash & (PLACES - 1);; place = next(place)) {
      const index = this.#places[place] - 1;
      if (index < 0 || (this.#hashes[index] === hash && this.#keys[index] === path)) return index;
    }
  }

  #add(index: number, path: string, hash: number): void {
    this.#keys[index] = path;
    this.#hashes[index] = hash;
    let place = hash & (PLACES - 1);
    while (this.#places[place] !== 0) place = next(place);
    this.#places[place] = index + 1;
  }

  #remove(index: number): void {
    this.#keys[index] = undefined;
    const places = this.#places;
    let free = this.#hashes[index] & (PLACES - 1);
    while (places[free] !== index + 1) free = next(free);
    // What stands behind it moves up, so that no free place is between a slot and the place of its hash.
    for (let place = next(free); places[place] !== 0; place = next(place)) {
      const wanted = this.#hashes[places[place] - 1];
      if (((place - wanted) & (PLACES - 1)) < ((place - free) & (PLACES - 1))) continue;
      places[free] = places[place];
      free = place;
    }
    places[free] = 0;
  }
}

function next(place: number): number {
  return (place + 1) & (PLACES - 1);
}

/** Whoever chooses paths must not know which of them have places next to each other. */
const SEED = crypto.getRandomValues(new Int32Array(1))[0];

function hashOf(text: string): number {
  let hash = SEED ^ text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** Number of cached arguments, a power of two: programs use the same few paths repeatedly. */
const CACHED_TEXTS = 8192;

/** Maximum words of a cached text: nearly all paths have fewer than 160 bytes. */
const TEXT_WORDS = 40;

/** Beside the length of a text: it is kept as it is, and not relative to its base. */
const AS_GIVEN = 1 << 16;

/**
 * Remembers the slots of single path arguments by their bytes and base, so that a path that was seen before costs
 * neither decoding nor joining. Direct-mapped; a miss, or a long text, takes the slow path. All its memory is
 * allocated at the start, and no text leaves garbage.
 */
export class TextCache {
  readonly #paths: TextPaths;
  readonly #hashes = new Int32Array(CACHED_TEXTS);
  readonly #bases = new Uint32Array(CACHED_TEXTS);
  readonly #lengths = new Int32Array(CACHED_TEXTS).fill(-1);
  readonly #slots = new Uint32Array(CACHED_TEXTS);
  readonly #generations = new Uint32Array(CACHED_TEXTS);
  readonly #words = new Int32Array(CACHED_TEXTS * TEXT_WORDS);
  /** The last look-up: {@linkcode remember} completes it. */
  #place = 0;
  #hash = 0;
  #base = 0;
  #length = 0;

  constructor(paths: TextPaths) {
    this.#paths = paths;
  }

  /**
   * The slot of the text at `words[at]`, `bytes` long, relative to the base with that number or kept as it is; 0 when it is
   * unknown.
   */
  slotOf(words: Int32Array, at: number, bytes: number, base: number, asGiven: boolean): number {
    const last = lastWord(words, at, bytes);
    const whole = bytes >>> 2;
    const length = asGiven ? bytes | AS_GIVEN : bytes;
    let hash = Math.imul(base ^ length, 0x9e3779b1);
    for (let i = 0; i < whole; i++) {
      hash = Math.imul(hash ^ words[at + i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ last, 0x85ebca6b);
    hash ^= hash >>> 13;
    const place = hash & (CACHED_TEXTS - 1);
    this.#place = place;
    this.#hash = hash;
    this.#base = base;
    this.#length = length;
    if (
      this.#hashes[place] !== hash || this.#lengths[place] !== length || this.#bases[place] !== base >>> 0
    ) {
      return 0;
    }
    const start = place * TEXT_WORDS;
    for (let i = 0; i < whole; i++) if (this.#words[start + i] !== words[at + i]) return 0;
    if (this.#words[start + whole] !== last) return 0;
    const slot = this.#slots[place];
    return this.#paths.isCurrent(slot, this.#generations[place]) ? slot : 0;
  }

  /** Remembers the slot of the text that the last {@linkcode slotOf} did not know. */
  remember(words: Int32Array, at: number, slot: number): void {
    const place = this.#place;
    const bytes = this.#length & ~AS_GIVEN;
    const whole = bytes >>> 2;
    if (whole >= TEXT_WORDS) return;
    const start = place * TEXT_WORDS;
    for (let i = 0; i < whole; i++) this.#words[start + i] = words[at + i];
    this.#words[start + whole] = lastWord(words, at, bytes);
    this.#hashes[place] = this.#hash;
    this.#bases[place] = this.#base;
    this.#lengths[place] = this.#length;
    this.#slots[place] = slot;
    this.#generations[place] = this.#paths.generations[slot - FIRST_TEXT_SLOT];
  }
}

/** The bytes after the last whole word; what follows the text in memory does not count. */
function lastWord(words: Int32Array, at: number, bytes: number): number {
  const rest = bytes & 3;
  return rest === 0 ? 0 : words[at + (bytes >>> 2)] & ((1 << (8 * rest)) - 1);
}

/**
 * The absolute path of an argument.
 *
 * @param base The directory it is relative to.
 * @param text The argument's bytes without NUL.
 * @param asGiven Keeps the text unchanged: a symlink's target, or one relative to a descriptor that is not open.
 */
export function absolutePath(base: DecodedName, text: Uint8Array, asGiven: boolean): DecodedName {
  const name = decodeName(text);
  if (asGiven) return name;
  if (!name.raw && !base.raw) return { path: joinPath(base.path, name.path) };
  const joined = joinPath(
    byteString(base.raw ?? new TextEncoder().encode(base.path)),
    byteString(text),
  );
  return decodeName(Uint8Array.from(joined, (character) => character.charCodeAt(0)));
}

/** One character per byte: path normalization only looks at ASCII. */
function byteString(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
