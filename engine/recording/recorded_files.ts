import { join } from "node:path";
import { Errno, Files } from "../../bpf/ffi/files.ts";
import { openNamed, statusOf } from "../files/named.ts";
import { isError } from "../files/place.ts";
import { cannotRead, isGone, notReadable } from "./read_errors.ts";

/** Ending of the files that are looked for in a directory. */
const ENDING = ".parquet";

/** Maximum depth of folders that are searched: a recording has two. */
const MOST_NESTED = 16;

/** Maximum number of names read in a folder: a segment a second makes 86,400 a day. */
const MOST_NAMES = 1_000_000;

/**
 * The files that names refer to: a file itself, all Parquet files below a directory, and the matches of a pattern. Each
 * once, in the order of the names. Throws an `IorError` for a name that refers to none.
 */
export async function recordedFiles(names: readonly string[]): Promise<string[]> {
  const files = Files.open();
  const paths = new Map<string, string>();
  for (const name of names) {
    for (const path of await pathsOf(files, name)) {
      const identity = identityOf(files, path);
      if (identity !== null && !paths.has(identity)) paths.set(identity, path);
    }
  }
  return [...paths.values()];
}

/** Which file this is, `null` when it has been removed meanwhile. */
function identityOf(files: Files, path: string): string | null {
  try {
    return statusOf(files, path).identity;
  } catch (error) {
    if (isGone(error)) return null;
    throw notReadable(path, error);
  }
}

async function pathsOf(files: Files, name: string): Promise<string[]> {
  let place: number;
  try {
    place = openNamed(files, name);
  } catch (error) {
    if (!isError(error, Errno.ENOENT) || !/[*?[{]/.test(name)) throw notReadable(name, error);
    const { globSync } = await import("node:fs"); // slower to load than all the rest, and rarely needed
    const found = (await Promise.all(globSync(name).sort().map((path) => pathsOf(files, path)))).flat();
    if (found.length === 0) throw cannotRead(name, "no file matches the pattern");
    return found;
  }
  try {
    const { kind } = files.status(place);
    if (kind === "file") return [name];
    if (kind !== "directory") {
      throw cannotRead(name, "it is not a regular file; to read rows from a pipe, use -");
    }
    const found = below(files, place, name, 0);
    if (found.length === 0) throw cannotRead(name, `it is a directory without a file *${ENDING}`);
    return found;
  } finally {
    files.close(place);
  }
}

/** Parquet files below a directory, in the order of their names; those that begin with a dot are not complete. */
function below(files: Files, directory: number, path: string, depth: number): string[] {
  let names: string[];
  try {
    names = files.names(directory, MOST_NAMES);
  } catch (error) {
    if (depth > 0 && isGone(error)) return [];
    throw notReadable(path, error);
  }
  return names.filter((name) => !name.startsWith(".")).sort()
    .flatMap((name) => {
      const found = folder(files, directory, name);
      if (found === null) return name.endsWith(ENDING) ? [join(path, name)] : [];
      try {
        return depth < MOST_NESTED ? below(files, found, join(path, name), depth + 1) : [];
      } finally {
        files.close(found);
      }
    });
}

/** A folder in a directory as a place, `null` for anything else. */
function folder(files: Files, directory: number, name: string): number | null {
  let place: number;
  try {
    place = files.openPlace(directory, name);
  } catch (error) {
    if (isGone(error)) return null;
    throw notReadable(name, error);
  }
  if (files.status(place).kind === "directory") return place;
  files.close(place);
  return null;
}
