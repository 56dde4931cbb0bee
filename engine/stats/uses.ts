import { UNKNOWN_NAME } from "../../runtime/event_batch.ts";
import { longer } from "../../runtime/longer.ts";
import { FILE_USES, type FileUse, type UsePlace, type UseStats } from "../../runtime/stats.ts";
import type { CallColumns } from "./call_columns.ts";
import { ancestorsOf } from "./directories.ts";

/** Numbers of the uses, in their order in {@linkcode FILE_USES}. */
export const Use = Object.fromEntries(FILE_USES.map((use, i) => [use, i])) as Record<FileUse, number>;

/** Counts of a row, a power of two: a line of the processor's cache. A busy file has 2^32 calls in an hour. */
const STRIDE = 8;

/** With fewer calls than this no place is looked for. */
const PLACE_CALLS = 10;

/** Uses that are a pattern if one file has many of them: of files that are not known nobody knows. */
export const USES_PER_FILE: ReadonlySet<number> = new Set([Use.reopen, Use.tiny_read, Use.tiny_write]);

/** Row of the calls without a file, as in the table of files. */
const NONE = 0;

/** Calls by path. */
type ByPath = Map<string, number>;

/** How files are used: calls of each use, by the rows of the table of files, and their time. */
export class FileUses {
  #calls = new Float64Array(0);
  readonly #totalCalls = new Float64Array(STRIDE);
  readonly #totalNs = new Float64Array(STRIDE);
  /** Calls on folded files, by use and directory; at most `limit` directories, and one for the others. */
  readonly #folded: ByPath[] = FILE_USES.map(() => new Map());
  readonly #foldedFiles = new Float64Array(STRIDE);
  readonly #limit: number;

  /** `limit` is the maximum number of directories for folded files. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts calls of a use. The first `reopen` of a file is an open. */
  add(row: number, use: number, calls: number, ns: number): void {
    const at = row * STRIDE + use;
    if (at >= this.#calls.length) this.#makeRoom(row);
    const before = this.#calls[at];
    this.#calls[at] = before + calls;
    if (use === Use.reopen && before === 0) {
      ns *= (calls - 1) / calls;
      calls--;
    }
    this.#totalCalls[use] += calls;
    this.#totalNs[use] += ns;
  }

  /** Counts the calls whose numbers are the first `length` elements of `used`: as {@linkcode FileUses.add} for each. */
  addCalls({ file, use, used, latencyNs }: CallColumns, length: number): void {
    let calls = this.#calls;
    const totalCalls = this.#totalCalls;
    const totalNs = this.#totalNs;
    for (let n = 0; n < length; n++) {
      const i = used[n];
      const at = file[i] * STRIDE + use[i];
      if (calls[at] > 0) {
        calls[at]++;
        totalCalls[use[i]]++;
        totalNs[use[i]] += latencyNs[i];
      } else { // the first of a file, for which there may be no room yet
        this.add(file[i], use[i], 1, latencyNs[i]);
        calls = this.#calls;
      }
    }
  }

  /** Frees a row: its calls belong to its directory from now on. */
  fold(row: number, directory: string): void {
    const start = row * STRIDE;
    for (let use = 0; use < FILE_USES.length; use++) {
      const calls = this.#callsOf(row, use);
      if (calls > 0) {
        const folded = this.#folded[use];
        const key = folded.has(directory) || folded.size < this.#limit ? directory : "";
        folded.set(key, (folded.get(key) ?? 0) + calls);
        this.#foldedFiles[use]++;
      }
      if (start < this.#calls.length) this.#calls[start + use] = 0;
    }
  }

  /** The uses that occurred. `files` are the existing rows, with their paths and directories. */
  toData(files: readonly { row: number; path: string; directory: string }[]): UseStats[] {
    return FILE_USES.flatMap((use, number) => {
      const calls = this.#totalCalls[number];
      if (calls === 0) return [];
      const used = files.filter(({ row }) => this.#callsOf(row, number) > 0);
      return [{
        use,
        calls,
        totalNs: Math.round(this.#totalNs[number]),
        files: used.length + this.#foldedFiles[number],
        place: calls < PLACE_CALLS ? null : this.#placeOf(number, calls, used),
      }];
    });
  }

  /** The file with more than half of the calls, or the innermost directory that has them; `null` for those of files that are not known. */
  #placeOf(
    use: number,
    calls: number,
    files: readonly { row: number; path: string; directory: string }[],
  ): UsePlace | null {
    const byDirectory: ByPath = new Map(this.#folded[use]);
    for (const { row, path, directory } of files) {
      const own = this.#callsOf(row, use);
      if (path === UNKNOWN_NAME) continue;
      if (own > calls / 2) return { path, directory: false, calls: own };
      byDirectory.set(directory, (byDirectory.get(directory) ?? 0) + own);
    }
    const within: ByPath = new Map();
    for (const [directory, own] of byDirectory) {
      for (const path of ancestorsOf(directory)) within.set(path, (within.get(path) ?? 0) + own);
    }
    let best: UsePlace | null = null;
    for (const [path, own] of within) {
      if (own <= calls / 2 || path.length <= (best?.path.length ?? 1)) continue;
      best = { path, directory: true, calls: own };
    }
    return best;
  }

  #callsOf(row: number, use: number): number {
    const calls = this.#calls[row * STRIDE + use] ?? 0;
    return use === Use.reopen && calls > 0 && row !== NONE ? calls - 1 : calls;
  }

  #makeRoom(row: number): void {
    this.#calls = longer(this.#calls, Math.max(64, row + 1) * STRIDE);
  }
}
