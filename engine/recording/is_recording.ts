import { ROWS_SCHEMA } from "../../runtime/report.ts";
import { STANDARD_INPUT } from "./open_recording.ts";
import { MAGIC } from "../parquet/format.ts";

/** Bytes in which the name of a schema stands, if it does. */
const BEGIN_BYTES = 256;

/**
 * False for a file that is plainly something else: neither Parquet nor the rows of `ior stream --format ndjson`. What cannot
 * be read counts as a recording, so that whoever opens it says why it is none.
 */
export async function isRecording(name: string): Promise<boolean> {
  if (name === STANDARD_INPUT) return true;
  try {
    const { isFile, isDirectory } = await Deno.stat(name);
    // What comes out of a pipe comes once.
    if (!isFile) return isDirectory;
    using file = await Deno.open(name);
    const bytes = new Uint8Array(BEGIN_BYTES);
    const begin = new TextDecoder().decode(bytes.subarray(0, (await file.read(bytes)) ?? 0));
    return begin.startsWith(MAGIC) || (begin.startsWith("{") && begin.includes(`"${ROWS_SCHEMA}"`));
  } catch {
    return true; // a pattern, or nothing
  }
}
