import { UNKNOWN_NAME } from "../../runtime/event_batch.ts";
import type { Measures } from "../../runtime/stats.ts";
import { NAME_BYTES } from "./keyed_table.ts";
import { MeasureTable } from "./measure_table.ts";

/** Directory of paths that are relative to an unknown directory. */
export const RELATIVE = "(relative)";

/**
 * A name without a directory is under its kind, `pipe:`, `TCP:` and so on. Only the kinds that the kernel and the names of
 * sockets have are known; a relative path that looks like one must not create a new kind.
 */
const KIND =
  /^(?:pipe|socket|pidfd|anon_inode|net|mnt|uts|ipc|pid|user|cgroup|time|NETLINK|UNIX|UNIX-STREAM|(?:TCP|UDP|UDPLITE|SCTP|ICMP|RAW|IP-\d{1,3})(?:v6)?):(?=\[)/;

/**
 * Deepest directories with rows of their own, levels below the root; deeper ones count for their ancestor there. Each row has
 * its whole path, so without a limit a path of 4 kB would become rows of 4 MB.
 */
export const MAX_DEPTH = 256;

const MEMFD = "/memfd:";

/** The directory of a file; see {@linkcode KIND} for names without one. That of a file that is not known has its name. */
export function directoryOf(path: string): string {
  if (path.startsWith("/") && !path.startsWith(MEMFD)) {
    const end = path.lastIndexOf("/");
    return end === 0 ? "/" : path.slice(0, end);
  }
  return path.startsWith(MEMFD)
    ? "memfd:"
    : KIND.exec(path)?.[0] ?? (path === UNKNOWN_NAME ? path : RELATIVE);
}

/** The parent of a directory, `null` for `/` and for kinds. */
export function parentOf(directory: string): string | null {
  return directory.startsWith("/") && directory.length > 1 ? directoryOf(directory) : null;
}

/** Directories between a directory and the root. */
function depthOf(directory: string): number {
  if (directory.length === 1 || !directory.startsWith("/")) return 0;
  let depth = 0;
  for (let at = 0; at >= 0; at = directory.indexOf("/", at + 1)) depth++;
  return depth;
}

/** The ancestor of a directory at `depth`, or the directory itself when it is not deeper. */
export function ancestorOf(directory: string, depth: number): string {
  // Shorter ones cannot be so deep.
  if (directory.length <= depth || !directory.startsWith("/")) return directory;
  if (depth === 0) return "/";
  let end = 0;
  for (let i = 0; i <= depth && end >= 0; i++) end = directory.indexOf("/", end + (i === 0 ? 0 : 1));
  return end > 0 ? directory.slice(0, end) : directory;
}

/** Measures by directory, each of its own files only. */
export class DirectorySums {
  readonly measures = new MeasureTable();
  readonly #rowOf = new Map<string, number>();
  readonly #filesOf: number[] = [];
  /** Deeper directories count for their ancestor at this depth. */
  #maxDepth = MAX_DEPTH;
  #tooDeep = 0;

  /** Directories with files of their own. */
  get size(): number {
    return this.#rowOf.size;
  }

  /** Directories below {@linkcode MAX_DEPTH}, counted once for each of their files. */
  get tooDeep(): number {
    return this.#tooDeep;
  }

  /** Memory that the rows take. */
  get bytes(): number {
    return this.measures.bytes + NAME_BYTES * this.#rowOf.size;
  }

  /** Adds `files` files of a directory, with what they measured: row `from` of `source`. */
  add(directory: string, files: number, source: MeasureTable, from: number): void {
    const ancestor = ancestorOf(directory, this.#maxDepth);
    if (ancestor !== directory && this.#maxDepth === MAX_DEPTH) this.#tooDeep += files;
    const row = this.#row(ancestor);
    this.#filesOf[row] += files;
    source.mergeInto(from, this.measures, row);
  }

  /** All of them together, `null` when there are none. */
  total(): Measures | null {
    if (this.#rowOf.size === 0) return null;
    const sum = this.measures.allocate();
    for (const row of this.#rowOf.values()) this.measures.mergeInto(row, this.measures, sum);
    const total = this.measures.toData(sum);
    this.measures.release(sum);
    return total;
  }

  /**
   * Folds the deepest directories into their parents until at most `limit` are left; later ones as deep are folded too.
   * Returns how many were folded.
   */
  bound(limit: number): number {
    let folded = 0;
    while (this.#rowOf.size > limit && this.#maxDepth > 0) {
      const depths = Array.from(this.#rowOf.keys(), depthOf);
      this.#maxDepth = Math.max(...new Set(depths)) - 1;
      for (const [directory, row] of [...this.#rowOf]) {
        if (depthOf(directory) <= this.#maxDepth) continue;
        this.add(parentOf(directory)!, this.#filesOf[row], this.measures, row);
        this.measures.release(row);
        this.#rowOf.delete(directory);
        folded++;
      }
    }
    return folded;
  }

  /** Calls `visit` for each directory, with its number of files and its row. */
  forEach(visit: (directory: string, files: number, row: number) => void): void {
    for (const [directory, row] of this.#rowOf) visit(directory, this.#filesOf[row], row);
  }

  /** The row of a directory; makes one for a new directory. */
  #row(directory: string): number {
    let row = this.#rowOf.get(directory);
    if (row === undefined) {
      row = this.measures.allocate();
      this.#rowOf.set(directory, row);
      this.#filesOf[row] = 0;
    }
    return row;
  }
}

/** A directory and its ancestors, innermost first, those that may have a row; kinds have none. */
export function ancestorsOf(directory: string): string[] {
  const all: string[] = [];
  if (!directory.startsWith("/")) return all;
  const deepest = ancestorOf(directory, MAX_DEPTH);
  for (let path: string | null = deepest; path !== null; path = parentOf(path)) all.push(path);
  return all;
}
