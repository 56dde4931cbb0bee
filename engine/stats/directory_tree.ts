import { CHAIN_SHARE, type DirectoryStats } from "../../runtime/stats.ts";
import { ancestorOf, MAX_DEPTH, parentOf } from "./directories.ts";
import { MeasureTable } from "./measure_table.ts";

/** A directory. */
export interface DirectoryNode {
  readonly path: string;
  /** Directories between it and the root. */
  readonly depth: number;
  readonly parent: DirectoryNode | null;
  readonly children: DirectoryNode[];
  /** Files, the time that directories are ranked by, and all time, nanoseconds: of its own until they are rolled up. */
  files: number;
  ns: number;
  totalNs: number;
  /** Whether a line of the tree needs it. */
  isNeeded: boolean;
  /** Where its calls are summed up, those of the innermost directory around it that is needed; -1 until that is known. */
  row: number;
}

/**
 * The directories of a snapshot, all or those that a tree shows: latencies, which are most of the work, are merged for
 * these alone. Phases, in this order: {@linkcode DirectoryTree.add} for each directory with files, `rollUp`, `choose` or
 * `chooseAll`, `sum` for each row of measures, `toData`.
 */
export class DirectoryTree {
  readonly #nodes = new Map<string, DirectoryNode>();
  readonly #roots: DirectoryNode[] = [];
  readonly #sums = new MeasureTable();
  #needed: DirectoryNode[] = [];
  #tooDeep = 0;

  /** Directories, their ancestors among them. */
  get size(): number {
    return this.#nodes.size;
  }

  /** Directories below {@linkcode MAX_DEPTH}, counted once for each of their files. */
  get tooDeep(): number {
    return this.#tooDeep;
  }

  /** Adds files of a directory, with their time; returns where they count. */
  add(directory: string, files: number, ns: number, totalNs: number): DirectoryNode {
    const path = ancestorOf(directory, MAX_DEPTH);
    if (path !== directory) this.#tooDeep += files;
    const node = this.#node(path);
    node.files += files;
    node.ns += ns;
    node.totalNs += totalNs;
    return node;
  }

  /** Adds every directory to its parent, so that each then includes its subdirectories. */
  rollUp(): void {
    this.#roots.forEach(addChildren);
  }

  /**
   * Chooses the directories that `lines` lines of a tree need: those shown, again and again the one with most time whose
   * parent is shown, and all their ancestors. More where some have as much time as the last, and always those without a
   * parent.
   */
  choose(lines: number): void {
    for (const root of this.#roots) this.#need(root);
    const candidates = this.#roots.filter(({ path }) => path === "/").map(innermostOf);
    let lastNs = Infinity;
    for (let shown = 0;; shown++) {
      const line = takeLargest(candidates);
      if (line === null || (shown >= lines && line.ns < lastNs)) return;
      lastNs = line.ns;
      this.#need(line);
      for (const child of line.children) candidates.push(innermostOf(child));
    }
  }

  /** Chooses the `limit` directories with most time, a parent before its children, and always those without a parent. */
  chooseAll(limit: number): void {
    const all = [...this.#nodes.values()].sort((a, b) =>
      b.totalNs - a.totalNs || a.depth - b.depth || (a.path < b.path ? -1 : 1)
    );
    for (const [i, node] of all.entries()) if (i < limit || node.parent === null) this.#need(node);
  }

  /** Adds row `from` of `measures` to the directory that shows `node`. */
  sum(node: DirectoryNode, measures: MeasureTable, from: number): void {
    measures.mergeInto(from, this.#sums, this.#rowOf(node));
  }

  /** How many directories {@linkcode DirectoryTree.chooseAll} leaves out. */
  beyond(limit: number): number {
    if (this.size <= limit) return 0;
    const times = Float64Array.from(this.#nodes.values(), ({ totalNs }) => totalNs).sort();
    const leastNs = times[times.length - limit];
    return this.size - limit - this.#roots.filter(({ totalNs }) => totalNs < leastNs).length;
  }

  /** The directories that are needed. */
  toData(): DirectoryStats[] {
    // Innermost first.
    for (const node of this.#needed.toSorted((a, b) => b.depth - a.depth)) {
      if (node.parent !== null) this.#sums.mergeInto(this.#rowOf(node), this.#sums, this.#rowOf(node.parent));
    }
    return this.#needed.map((node) => {
      const { path, depth, files } = node;
      return { path, depth, files, ...this.#sums.toData(this.#rowOf(node)) };
    });
  }

  #node(path: string): DirectoryNode {
    const known = this.#nodes.get(path);
    if (known !== undefined) return known;
    const parentPath = parentOf(path);
    const parent = parentPath === null ? null : this.#node(parentPath);
    const depth = parent === null ? 0 : parent.depth + 1;
    const sums = { files: 0, ns: 0, totalNs: 0 };
    const node = { path, depth, parent, children: [], ...sums, isNeeded: false, row: -1 };
    this.#nodes.set(path, node);
    (parent === null ? this.#roots : parent.children).push(node);
    return node;
  }

  #need(innermost: DirectoryNode): void {
    for (let node: DirectoryNode | null = innermost; node !== null; node = node.parent) {
      if (node.isNeeded) return;
      node.isNeeded = true;
      this.#needed.push(node);
    }
  }

  #rowOf(node: DirectoryNode): number {
    if (node.row < 0) node.row = node.isNeeded ? this.#sums.allocate() : this.#rowOf(node.parent!);
    return node.row;
  }
}

function addChildren(node: DirectoryNode): void {
  for (const child of node.children) {
    addChildren(child);
    node.files += child.files;
    node.ns += child.ns;
    node.totalNs += child.totalNs;
  }
}

/** The directory that is shown in the place of `node`. */
function innermostOf(node: DirectoryNode): DirectoryNode {
  const main = node.children.find(({ ns }) => node.ns > 0 && ns > CHAIN_SHARE * node.ns);
  return main === undefined ? node : innermostOf(main);
}

/** Takes the node with most time out of a list; `null` when it is empty. */
function takeLargest(nodes: DirectoryNode[]): DirectoryNode | null {
  let at = 0;
  for (let i = 1; i < nodes.length; i++) if (nodes[i].ns > nodes[at].ns) at = i;
  const largest = nodes[at];
  const last = nodes.pop();
  if (last === undefined) return null;
  if (last !== largest) nodes[at] = last;
  return largest;
}
