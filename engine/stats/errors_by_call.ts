import { longer } from "../../runtime/longer.ts";
import { errnoName, MAX_ERRNO } from "../../runtime/errno.ts";

/** Error numbers with a count of their own for each call: more than Linux has names for. */
const USUAL = 256;

/** In place of a number: the error is not known, only that there was one. */
const UNKNOWN_ERRNO = 0;

/** Failed calls, by the row of their system call and their error number. */
export class ErrorsByCall {
  #usual = new Float64Array(16 * USUAL);
  /** Where a count is above 0: few of thousands. */
  readonly #occurred: number[] = [];
  /** The others, by `row · (MAX_ERRNO + 1) + errno`. */
  readonly #unusual = new Map<number, number>();

  /** Counts `calls` failed calls of one error number, {@linkcode UNKNOWN_ERRNO} among them. */
  add(row: number, errno: number, calls: number): void {
    if (errno >= USUAL) {
      const key = row * (MAX_ERRNO + 1) + errno;
      this.#unusual.set(key, (this.#unusual.get(key) ?? 0) + calls);
      return;
    }
    const at = row * USUAL + errno;
    if (at >= this.#usual.length) this.#usual = longer(this.#usual, (row + 1) * USUAL);
    if (this.#usual[at] === 0) this.#occurred.push(at);
    this.#usual[at] += calls;
  }

  /** Calls `visit` for each row and error that occurred, in no particular order. */
  forEach(visit: (row: number, errno: string | null, calls: number) => void): void {
    const name = (errno: number) => errno === UNKNOWN_ERRNO ? null : errnoName(errno);
    for (const at of this.#occurred) visit(Math.floor(at / USUAL), name(at % USUAL), this.#usual[at]);
    for (const [key, calls] of this.#unusual) {
      visit(Math.floor(key / (MAX_ERRNO + 1)), name(key % (MAX_ERRNO + 1)), calls);
    }
  }
}
