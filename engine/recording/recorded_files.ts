import { join } from "node:path";
import { cannotRead, isGone, notReadable } from "./read_errors.ts";

/** Ending of the files that are looked for in a directory. */
const ENDING = ".parquet";

/** Maximum depth of folders that are searched: a recording has two. */
const MOST_NESTED = 16;

/**
 * The files that names refer to: a file itself, all Parquet files below a directory, and the matches of a pattern. Each
 * once, in the order of the names. Throws an `IorError` for a name that refers to none.
 */
export async function recordedFiles(names: readonly string[]): Promise<string[]> {
  const files = new Map<string, string>();
  for (const name of names) {
    for (const path of await pathsOf(name)) {
      const real = realPath(path);
      if (real !== null && !files.has(real)) files.set(real, path);
    }
  }
  return [...files.values()];
}

/** The path without links, `null` when the file has been removed meanwhile. */
function realPath(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (isGone(error)) return null;
    throw notReadable(path, error);
  }
}

async function pathsOf(name: string): Promise<string[]> {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || !/[*?[{]/.test(name)) throw notReadable(name, error);
    const { globSync } = await import("node:fs"); // slower to load than all the rest, and rarely needed
    const found = (await Promise.all(globSync(name).sort().map(pathsOf))).flat();
    if (found.length === 0) throw cannotRead(name, "no file matches the pattern");
    return found;
  }
  if (info.isFile) return [name];
  if (!info.isDirectory) throw cannotRead(name, "it is not a regular file; to read rows from a pipe, use -");
  const found = below(name, 0);
  if (found.length === 0) throw cannotRead(name, `it is a directory without a file *${ENDING}`);
  return found;
}

/** Parquet files below a directory, in the order of their names; those that begin with a dot are not complete. */
function below(directory: string, depth: number): string[] {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(directory)];
  } catch (error) {
    if (depth > 0 && isGone(error)) return [];
    throw notReadable(directory, error);
  }
  return entries.filter(({ name }) => !name.startsWith("."))
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(({ name, isDirectory }) => {
      const path = join(directory, name);
      if (isDirectory) return depth < MOST_NESTED ? below(path, depth + 1) : [];
      return name.endsWith(ENDING) ? [path] : [];
    });
}
