import { environmentOf, startInTurn } from "../../../engine/mod.ts";
import { IorError } from "../../../runtime/errors.ts";
import { traceUser } from "../../run/trace_user.ts";

/**
 * Opens a file in the editor of the user who called ior, with that user's rights, and resolves when it has ended. Rejects
 * with an `IorError` when there is none or it fails.
 */
export async function openEditor(path: string): Promise<void> {
  // As other programs read them: words for a shell, the more capable editor first.
  const editor = Deno.env.get("VISUAL") || Deno.env.get("EDITOR");
  if (editor === undefined || editor === "") {
    throw new IorError("runtime", `Cannot open ${path}: set VISUAL or EDITOR to an editor`);
  }
  const user = traceUser();
  const command = new Deno.Command("/bin/sh", {
    args: ["-c", `${editor} "$1"`, "sh", path.startsWith("-") ? `./${path}` : path],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    clearEnv: true,
    env: environmentOf(user, Deno.env.toObject()),
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  });
  const { code, signal } = await startInTurn(() => command.spawn()).status;
  if (code === 0) return;
  throw new IorError("runtime", `Cannot open ${path}: ${editor} ended with ${signal ?? `status ${code}`}`);
}
