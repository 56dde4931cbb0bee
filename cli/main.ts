/**
 * The command line of ior.
 *
 * @module
 */
import { isDirectory } from "../engine/files/named.ts";
import { ownWords } from "../engine/launch/own_start.ts";
import { IorError } from "../runtime/errors.ts";
import { VERSION } from "../runtime/version.ts";
import type { Asked, Ending } from "./commands/command.ts";
import { endProcess } from "./end_process.ts";
import { renderError } from "./error_text.ts";
import { ExitStatus, exitStatusOf, FailedWhileRunning } from "./exit_status.ts";
import type { LookOptions, Machine, RunOptions } from "./options/mod.ts";
import { ownerIdIn } from "./options/machine.ts";
import { readGroups, readPasswd } from "./run/passwd.ts";
import { resolvePaths } from "./run/resolve_paths.ts";
import { hasColor, isTerminal } from "./run/terminal.ts";
import { printOwn, showRendered } from "./say.ts";

const MACHINE: Machine = {
  version: VERSION,
  arch: Deno.build.arch,
  userId: (name) => ownerIdIn(readPasswd(), name),
  groupId: (name) => ownerIdIn(readGroups(), name),
  isDirectory,
};

/** Runs ior. Returns the exit status, or the signal that ended the command. */
export async function main(args: readonly string[]): Promise<Ending> {
  let task: Asked & Partial<LookOptions & RunOptions> | null = null;
  try {
    // The modules of each command are loaded on demand: the time to the first call counts.
    const { parseArguments } = await import("./commands/parse.ts");
    const parsed = await parseArguments(args, MACHINE);
    switch (parsed.kind) {
      case "help":
      case "version":
        printOwn(parsed.text);
        return ExitStatus.OK;
      case "usage":
        showRendered(parsed.text);
        return ExitStatus.USAGE;
      case "task":
        task = parsed.task;
        if (task.selection !== undefined) resolvePaths(task as RunOptions);
        return await parsed.run();
    }
  } catch (caught) {
    const isRunning = caught instanceof FailedWhileRunning;
    const error = isRunning ? caught.failure : caught;
    const color = hasColor(task?.color ?? "auto", isTerminal("stderr"), Deno.env.toObject());
    showRendered(renderError(error, { color, verbose: task?.verbose ?? false }));
    if (isRunning) await caught.mayEnd;
    const commandPending = (task?.command ?? null) !== null && !isRunning;
    return exitStatusOf(error instanceof IorError ? error.code : "runtime", commandPending);
  }
}

if (import.meta.main) await endProcess(await main(ownWords(Deno.args)));
