import { Errno } from "../../bpf/ffi/files.ts";
import { IorError } from "../../runtime/errors.ts";
import { reasonOf } from "../../runtime/system_error.ts";
import { isError } from "../files/place.ts";
import { Damage } from "../parquet/damage.ts";

/** What can be read as a recording. */
const NAME_ONE =
  "Name a file that ior record or ior stream --format ndjson has written, or a directory of them; " +
  "move damaged files out of it to read the rest";

/** The error of reading without a name. */
export function noneNamed(): IorError {
  return new IorError("usage", "Cannot read recordings: none is named", { hint: NAME_ONE });
}

/** The error of a file that is damaged or not a recording; `found` is what was found and what was wanted. */
export function cannotRead(path: string, found: string, cause?: unknown): IorError {
  return new IorError("runtime", `Cannot read ${path}: ${found}`, {
    hint: NAME_ONE,
    cause,
  });
}

/** The error of a file that the system refuses to read. */
export function notReadable(path: string, cause: unknown): IorError {
  return new IorError("runtime", `Cannot read ${path}: ${reasonOf(cause)}`, {
    hint: cause instanceof Error && cause.name === "NotCapable"
      ? "To read rows from standard input, use -"
      : "Check the name, and whether you may read it",
    cause,
  });
}

/** True when a file does not exist: a recording with `--keep` removes its oldest segments while it is read. */
export function isGone(error: unknown): boolean {
  return isError(error, Errno.ENOENT) || (error instanceof IorError && isError(error.cause, Errno.ENOENT));
}

/** True when the system refuses to read a file; an error of what is in it has a `Damage` as its cause, or none. */
export function isUnreadable(error: unknown): error is IorError {
  return error instanceof IorError && error.cause !== undefined && !(error.cause instanceof Damage);
}

/** Characters of a file's content that an error shows. */
const MOST_SHOWN = 60;

/** A value found in a file as errors show it: JSON, shortened. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "missing";
  return json.length > MOST_SHOWN ? `${json.slice(0, MOST_SHOWN)}…` : json;
}

/** Turns any error caused by damaged bytes into one that names the file. */
export async function explained<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IorError) throw error;
    if (error instanceof Damage) throw cannotRead(path, error.message, error);
    // What a library says of its bytes, for instance zlib of a truncated stream, tells a user no more.
    throw cannotRead(path, "it is damaged", new Damage("its bytes cannot be decoded", { cause: error }));
  }
}
