import type { StreamRow } from "../../runtime/row.ts";

/** One call that is among the slowest. */
interface Entry {
  latencyNs: number;
  row: StreamRow;
}

/** The slowest calls seen, at most `limit`. Among equally slow calls the earlier ones stay. */
export class Slowest {
  readonly #limit: number;
  /** Slowest first. */
  readonly #entries: Entry[] = [];
  /** A call must be slower than this to be taken, nanoseconds; -1 while there is room. */
  thresholdNs = -1;

  /** `limit` is a number of calls; with 0 none is kept. */
  constructor(limit: number) {
    if (!Number.isSafeInteger(limit) || limit < 0) {
      throw new RangeError(
        `Cannot keep the slowest calls: the limit is ${limit}, it must be a non-negative integer`,
      );
    }
    this.#limit = limit;
    if (limit === 0) this.thresholdNs = Infinity;
  }

  /** Takes a call that is slower than {@linkcode thresholdNs}. */
  insert(latencyNs: number, row: StreamRow): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0 && entries[at - 1].latencyNs < latencyNs) at--;
    entries.splice(at, 0, { latencyNs, row });
    if (entries.length > this.#limit) entries.pop();
    if (entries.length === this.#limit) this.thresholdNs = entries[entries.length - 1].latencyNs;
  }

  /** True when none was taken. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Copies of the rows, slowest first. */
  rows(): StreamRow[] {
    return this.#entries.map(({ row }) => ({ ...row }));
  }
}
