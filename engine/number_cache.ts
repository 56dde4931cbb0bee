/** Numbers of an entry: the six that identify it, its value plus one; a power of two, to share cache lines. */
const PARTS = 8;

/** Where an entry has its value plus one, which is 0 where there is no entry. */
const VALUE = 6;

/** Entries that there is room for; a power of two. */
const SLOTS = 2 ** 15;

/** What {@linkcode NumberCache.get} returns for an unknown key. */
export const NOT_CACHED = -1;

/** Remembers what six numbers stand for; forgets all when half of the room is used, so that each is found fast. */
export class NumberCache {
  readonly #entries = new Int32Array(SLOTS * PARTS);
  #count = 0;

  /** The value of a key; {@linkcode NOT_CACHED} when it is not known. */
  get(a: number, b: number, c: number, d: number, e: number, f: number): number {
    const entries = this.#entries;
    return entries[placeOf(entries, a, b, c, d, e, f) + VALUE] - 1;
  }

  /** Remembers the value of a key, not negative. */
  set(a: number, b: number, c: number, d: number, e: number, f: number, value: number): void {
    if (2 * this.#count >= SLOTS) this.clear();
    const entries = this.#entries;
    const at = placeOf(entries, a, b, c, d, e, f);
    if (entries[at + VALUE] === 0) this.#count++;
    entries[at] = a;
    entries[at + 1] = b;
    entries[at + 2] = c;
    entries[at + 3] = d;
    entries[at + 4] = e;
    entries[at + 5] = f;
    entries[at + VALUE] = value + 1;
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.fill(0);
    this.#count = 0;
  }
}

/** Where the entry of a key is, or belongs. */
function placeOf(
  entries: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^
    Math.imul(d, 0x27d4eb2f) ^ Math.imul(e, 0x165667b1) ^ Math.imul(f, 0xd3a2646d);
  hash ^= hash >>> 15;
  const mask = SLOTS * PARTS - 1;
  let at = Math.imul(hash, PARTS) & mask;
  while (
    entries[at + VALUE] !== 0 &&
    (entries[at] !== a || entries[at + 1] !== b || entries[at + 2] !== c || entries[at + 3] !== d ||
      entries[at + 4] !== e || entries[at + 5] !== f)
  ) at = (at + PARTS) & mask;
  return at;
}
