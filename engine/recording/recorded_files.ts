import { join } from "node:path";
import { cannotRead, isGone, notReadable } from "./read_errors.ts";

/** Ending of the files that are looked for in a directory. */
const ENDING = ".parquet";

/** Folders in folders that are looked into: a recording has two. */
const MOST_NESTED = 16;

/**
 * The files that names stand for: files as they are, of directories all Parquet files below them, and what fits a pattern.
 * Each once, in the order of the names. Throws an `IorError` for a name that stands for none.
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

/** The path without links, `null` when what was found there has gone since. */
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
    const { globSync } = await import("node:fs"); // it takes longer to load than all the rest, and few need it
    const found = (await Promise.all(globSync(name).sort().map(pathsOf))).flat();
    if (found.length === 0) throw cannotRead(name, "no file fits the pattern");
    return found;
  }
  if (info.isFile) return [name];
  if (!info.isDirectory) throw cannotRead(name, "it is no regular file, and rows of a pipe are read as -");
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
