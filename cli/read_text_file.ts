import { IorError } from "../runtime/errors.ts";

/** The text of a file that the user named. Throws an {@linkcode IorError} of code `usage` when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = message.replace(/ \(os error \d+\).*$/s, "").replace(/^.*: /s, "").toLowerCase();
    throw new IorError("usage", `Cannot read ${path}: ${reason}`, {
      hint: "Name a file that ior wrote and that you may read",
      cause,
    });
  }
}
