import type { Comparison } from "./comparison.ts";

type Row = Comparison["directories"][number];

/**
 * Directories without those that only repeat what one below them tells: as many calls and as much time on both sides. Every
 * directory holds all that is below it, so a single file is in each on the way to it.
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

function tellsTheSame(a: Row, b: Row): boolean {
  return (["calls", "total_ns"] as const).every((measure) =>
    (["before", "after"] as const).every((side) => a[measure][side] == b[measure][side])
  );
}

function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return path === "/" || end < 0 ? "" : end === 0 ? "/" : path.slice(0, end);
}
