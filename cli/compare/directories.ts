import type { Comparison } from "./comparison.ts";

type Row = Comparison["directories"][number];

/** Part of a directory from which on what holds it tells the same. */
const CHAIN_SHARE = 0.95;

/**
 * Directories without those that only repeat what one below them tells: nearly as many calls and as much time on both sides.
 * Every directory holds all that is below it, so a single file is in each on the way to it.
 */
export function innermostDirectories(rows: readonly Row[]): Row[] {
  const repeated = new Set<string>();
  const byPath = new Map(rows.map((row) => [row.path, row]));
  for (const row of rows) {
    const parent = byPath.get(parentOf(row.path));
    if (parent !== undefined && tellsTheSame(parent, row)) repeated.add(parent.path);
  }
  return rows.filter(({ path }) => !repeated.has(path));
}

function tellsTheSame(parent: Row, row: Row): boolean {
  return (["calls", "total_ns"] as const).every((measure) =>
    (["before", "after"] as const).every((side) => {
      const [whole, part] = [parent[measure][side], row[measure][side]];
      return whole === null || part === null ? whole === part : Number(part) >= CHAIN_SHARE * Number(whole);
    })
  );
}

function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return path === "/" || end < 0 ? "" : end === 0 ? "/" : path.slice(0, end);
}
