import { isRegularFile } from "../../engine/files/named.ts";
import { FileReader } from "../../engine/recording/mod.ts";
import { IorError } from "../../runtime/errors.ts";
import { reasonOf } from "../../runtime/system_error.ts";

/** Largest file that is read as one text, bytes: the page of a full flamegraph has some tens of MiB. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The text of a file that the user named, which `wanted` says.
 *
 * @throws {IorError} `usage` when it cannot be read.
 */
export async function readTextFile(path: string, wanted = "a file that ior wrote"): Promise<string> {
  try {
    // The runtime waits for the writer of a pipe.
    if (!isRegularFile(path)) return await textOf((await Deno.open(path)).readable);
    using file = FileReader.open(path);
    if (file.size > MOST_BYTES) throw tooLarge();
    return new TextDecoder().decode(await file.read(0, file.size));
  } catch (error) {
    const cause = error instanceof IorError ? error.cause : error;
    throw new IorError("usage", `Cannot read ${path}: ${reasonOf(cause)}`, {
      hint: `Name ${wanted} and that you may read`,
      cause,
    });
  }
}

/** A pipe or a device tells no size, and a device may have no end. */
async function textOf(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const part of bytes) {
    length += part.length;
    if (length > MOST_BYTES) throw tooLarge();
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(): Error {
  return new Error(`it has more than ${MOST_BYTES} bytes`);
}
