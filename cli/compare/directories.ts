import type { Comparison } from "./comparison.ts";

type Row = Comparison["directories"][number];

/** From this part on, a directory tells the same as its parent. */
const CHAIN_SHARE = 0.95;

/**
 * Leaves out directories that only repeat one of their subdirectories, with nearly the same calls and time on both sides.
 * Every directory includes its subdirectories, so a single file counts in all directories above it.
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
