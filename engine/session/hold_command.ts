import { type CommandPlan, HeldCommand } from "../command.ts";

/** A command to trace. */
export type TracedCommand = CommandPlan;

/**
 * Starts a command, held before its first instruction: it reaches its gate while the kernel loads the programs. Disposing
 * it ends a command that was never let go. ior's own signal handling must be set up later: the command would inherit it.
 *
 * @throws {IorError} When no process can be created.
 */
export function holdCommand(plan: TracedCommand): HeldCommand {
  return HeldCommand.start(plan);
}
