import { ExitStatus } from "../exit_status.ts";
import type { RunOptions } from "../options/mod.ts";

/** Prints where the selection of a command is decided, as text or as JSON, in place of running the command. */
export async function runExplain(task: RunOptions, asJson: boolean): Promise<ExitStatus> {
  const { explain, explanationText } = await import("../explain/mod.ts");
  const { indentedJson } = await import("../rows/json_text.ts");
  const { openOutput } = await import("../run/output.ts");
  const { resolvePaths } = await import("../run/resolve_paths.ts");
  const { lookOf } = await import("../run/terminal.ts");
  const { traceUser } = await import("../run/trace_user.ts");
  resolvePaths(task);
  const { selection, selectionDescription, command, cgroups } = task;
  const explanation = explain(selection, selectionDescription, command, cgroups, task);
  await using output = openOutput(task.output, traceUser());
  output.write(
    asJson ? `${indentedJson(explanation)}\n` : explanationText(explanation, lookOf(task).ascii),
  );
  await output.finish();
  return ExitStatus.OK;
}
