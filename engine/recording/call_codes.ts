/** System call numbers of the rows of a row group, as codes from 0 on. */
export class CallCodes {
  readonly codes: Uint32Array;
  readonly #codeOf = new Map<number, number>();
  /** The call numbers, by code. */
  readonly numbers: number[] = [];

  /** Room for `capacity` rows. */
  constructor(capacity: number) {
    this.codes = new Uint32Array(capacity);
  }

  /** Adds calls `from` up to `to` as the rows from `row` on. */
  add(nr: Int32Array, from: number, to: number, row: number): void {
    let last = NaN;
    let code = 0;
    for (let i = from; i < to; i++, row++) {
      if (nr[i] !== last) {
        last = nr[i];
        code = this.#codeOf.get(last) ?? this.#newCode(last);
      }
      this.codes[row] = code;
    }
  }

  /** Makes it empty. */
  clear(): void {
    this.#codeOf.clear();
    this.numbers.length = 0;
  }

  #newCode(nr: number): number {
    this.#codeOf.set(nr, this.numbers.length);
    return this.numbers.push(nr) - 1;
  }
}
