import { IorError } from "../../runtime/errors.ts";
import { reasonOf } from "../../runtime/system_error.ts";

/** The text of a file that the user named. Throws an {@linkcode IorError} of code `usage` when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new IorError("usage", `Cannot read ${path}: ${reasonOf(cause)}`, {
      hint: "Name a file that ior wrote and that you may read",
      cause,
    });
  }
}
