import { ROWS_SCHEMA } from "../../runtime/report.ts";
import { statusOf } from "../files/named.ts";
import { filesToRead } from "../files/plain_files.ts";
import { plainBytes } from "./decompress.ts";
import { FileReader } from "./file_reader.ts";
import { STANDARD_INPUT } from "./open_recording.ts";
import { fileBytes } from "./read_lines.ts";
import { MAGIC } from "../parquet/format.ts";

/** Bytes in which the name of a schema is looked for. */
const BEGIN_BYTES = 256;

/**
 * False for a file that is plainly something else: neither Parquet nor the rows of `ior stream --format ndjson`. A file that
 * cannot be read counts as a recording, so that opening it reports the reason.
 */
export async function isRecording(name: string): Promise<boolean> {
  if (name === STANDARD_INPUT) return true;
  try {
    const { kind } = statusOf(filesToRead(), name);
    // A pipe can be read only once.
    if (kind !== "file") return kind === "directory";
    using file = FileReader.open(name);
    const { value = new Uint8Array(0) } = await plainBytes(fileBytes(file)).next();
    const begin = new TextDecoder().decode(value.subarray(0, BEGIN_BYTES));
    return begin.startsWith(MAGIC) || (begin.startsWith("{") && begin.includes(`"${ROWS_SCHEMA}"`));
  } catch {
    return true; // a pattern, or nothing
  }
}
