import { IorError } from "./errors.ts";

/**
 * The operating system's reason for a failure, in lower case, without the runtime's call and number around it; anything
 * else by its message.
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Of /dev, /proc and /sys the runtime opens only a few files, and its message is about flags of its own.
  if (error instanceof Error && error.name === "NotCapable") return "ior is not allowed to open it";
  return message.replace(/ \(os error \d+\).*$/s, "").replace(/^.*: /s, "").toLowerCase();
}

/** The error of a write that failed on the way. */
export function writeFailed(path: string, cause: unknown): IorError {
  return new IorError("runtime", `Cannot write to ${path}: ${reasonOf(cause)}`, {
    hint: "Check the space on its device",
    cause,
  });
}
