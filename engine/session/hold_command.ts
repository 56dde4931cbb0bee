import { spareDescriptor } from "../../bpf/mod.ts";
import { type CommandPlan, HeldCommand } from "../command.ts";

/** A command to trace; the descriptor that holds it is chosen here. */
export type TracedCommand = Omit<CommandPlan, "gateDescriptor">;

/**
 * Starts a command, held before its first instruction: it reaches its gate while the kernel loads the programs. Disposing
 * it ends a command that was never let go. ior's own signal handling must be set up later: the command would inherit it.
 *
 * @throws {IorError} `command_not_found` or `command_not_executable`.
 */
export function holdCommand(plan: TracedCommand): HeldCommand {
  return HeldCommand.start({ ...plan, gateDescriptor: spareDescriptor() });
}
