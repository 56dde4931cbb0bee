import { Errno } from "../../bpf/ffi/files.ts";
import { reasonOf } from "../../runtime/system_error.ts";
import { openNamed, startDirectory, statusOf } from "../files/named.ts";
import { isError } from "../files/place.ts";
import { filesToRead, type ReadFiles } from "../files/plain_files.ts";
import { cannotRead, isGone, isUnreadable, notReadable } from "./read_errors.ts";

// Not imported by name: a bundle would load it whenever ior starts.
const { join } = await import("node:path");

/** Ending of the files that are looked for in a directory. */
const ENDING = ".parquet";

/** Maximum depth of folders that are searched: a recording has two. */
const MOST_NESTED = 16;

/** Maximum number of names read in a folder: a segment a second makes 86,400 a day. */
const MOST_NAMES = 1_000_000;

/** What names refer to. */
export interface FoundFiles {
  /** Each file once, in the order of the names. */
  paths: string[];
  /** What was found below directories or by patterns and cannot be read, one line each. */
  leftOut: string[];
}

/**
 * The files that names refer to: a file itself, all Parquet files below a directory, and the matches of a pattern. Throws an
 * `IorError` for a name that refers to none, or that cannot be read itself.
 */
export async function recordedFiles(names: readonly string[]): Promise<FoundFiles> {
  const files = filesToRead();
  const paths = new Map<string, string>();
  const leftOut: string[] = [];
  for (const name of names) {
    for (const path of await pathsOf(files, name, leftOut)) {
      const identity = identityOf(files, path, leftOut);
      if (identity !== null && !paths.has(identity)) paths.set(identity, path);
    }
  }
  return { paths: [...paths.values()], leftOut };
}

/**
 * Notes that a file was found and cannot be read; one that has been removed meanwhile needs no note. Throws the error when
 * it is about what is in the file.
 */
export function leaveOut(path: string, error: unknown, leftOut: string[]): void {
  if (isGone(error)) {
    if (isLink(path)) leftOut.push(`${path} is left out: it is a link to a file that does not exist`);
  } else if (isUnreadable(error)) leftOut.push(`${path} is left out: ${reasonOf(error.cause)}`);
  else throw error;
}

/** True for a link, wherever it leads. */
function isLink(path: string): boolean {
  const files = filesToRead();
  try {
    files.close(files.openPlace(startDirectory(), path));
    return true;
  } catch {
    return false; // it has been removed
  }
}

/** Which file this is, `null` when it is left out. */
function identityOf(files: ReadFiles, path: string, leftOut: string[]): string | null {
  try {
    return statusOf(files, path).identity;
  } catch (error) {
    leaveOut(path, notReadable(path, error), leftOut);
    return null;
  }
}

async function pathsOf(files: ReadFiles, name: string, leftOut: string[]): Promise<string[]> {
  let place: number;
  try {
    place = openNamed(files, name);
  } catch (error) {
    if (!isError(error, Errno.ENOENT) || !/[*?[{]/.test(name)) throw notReadable(name, error);
    const { globSync } = await import("node:fs"); // slower to load than all the rest, and rarely needed
    const found = globSync(name).sort();
    if (found.length === 0) throw cannotRead(name, "no file matches the pattern");
    return (await Promise.all(found.map((path) => matchOf(files, path, leftOut)))).flat();
  }
  try {
    const { kind } = files.status(place);
    if (kind === "file") return [name];
    if (kind !== "directory") {
      const cause = new TypeError("it is not a regular file");
      throw cannotRead(name, `${cause.message}; to read rows from a pipe, use -`, cause);
    }
    const found = below(files, place, name, 0, leftOut);
    if (found.length === 0) throw cannotRead(name, `it is a directory without a file *${ENDING}`);
    return found;
  } finally {
    files.close(place);
  }
}

/** The files of a match of a pattern. */
async function matchOf(files: ReadFiles, path: string, leftOut: string[]): Promise<string[]> {
  try {
    return await pathsOf(files, path, leftOut);
  } catch (error) {
    leaveOut(path, error, leftOut);
    return [];
  }
}

/** Parquet files below a directory, in the order of their names; those that begin with a dot are not complete. */
function below(
  files: ReadFiles,
  directory: number,
  path: string,
  depth: number,
  leftOut: string[],
): string[] {
  let names: string[];
  try {
    names = files.names(directory, MOST_NAMES);
  } catch (error) {
    throw notReadable(path, error);
  }
  return names.filter((name) => !name.startsWith(".")).sort()
    .flatMap((name) => {
      const found = folder(files, directory, name);
      if (found === null) return name.endsWith(ENDING) ? [join(path, name)] : [];
      try {
        return depth < MOST_NESTED ? below(files, found, join(path, name), depth + 1, leftOut) : [];
      } catch (error) {
        leaveOut(join(path, name), error, leftOut);
        return [];
      } finally {
        files.close(found);
      }
    });
}

/** A folder in a directory as a place, `null` for anything else. */
function folder(files: ReadFiles, directory: number, name: string): number | null {
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
