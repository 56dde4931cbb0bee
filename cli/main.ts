/**
 * The command line of ior.
 *
 * @module
 */
import { IorError } from "../runtime/errors.ts";
import { VERSION } from "../runtime/version.ts";
import { parseArguments, type ParsedCommand, userIdIn } from "./args/mod.ts";
import { endProcess } from "./end_process.ts";
import { renderError } from "./error_text.ts";
import { ExitStatus, exitStatusOf, FailedWhileRunning } from "./exit_status.ts";
import { readPasswd } from "./passwd.ts";
import type { RunResult } from "./run_session.ts";
import { hasColor, isTerminal } from "./terminal.ts";

const PAGE_BYTES = 4096;

/** Runs ior. Answers with the exit status, or the signal that ended the command. */
export async function main(args: readonly string[]): Promise<number | Deno.Signal> {
  let parsed: ParsedCommand | null = null;
  try {
    parsed = parseArguments(args, {
      version: VERSION,
      arch: Deno.build.arch,
      pageBytes: PAGE_BYTES,
      userId: (name) => userIdIn(readPasswd(), name),
    });
    switch (parsed.kind) {
      case "help":
      case "version":
        console.log(parsed.text.trimEnd());
        return ExitStatus.OK;
      case "usage":
        console.error(parsed.text.trimEnd());
        return ExitStatus.USAGE;
      // Each command loads what it needs: the time to the first call counts.
      case "trace": {
        const { runTrace } = await import("./commands/trace/run.ts");
        const result = await runTrace(parsed);
        return statusOf(result, parsed.strict, result.failedAssertions.length > 0);
      }
      case "stream": {
        const { runStream } = await import("./commands/stream/run.ts");
        return statusOf(await runStream(parsed), parsed.strict);
      }
      case "record": {
        const { runRecord } = await import("./commands/record/run.ts");
        return statusOf(await runRecord(parsed), parsed.strict);
      }
      case "flame": {
        const { runFlame } = await import("./commands/flame/run.ts");
        return statusOf(await runFlame(parsed), parsed.strict);
      }
      case "report": {
        const { runReport } = await import("./commands/report/run.ts");
        const result = await runReport(parsed);
        return statusOf(result, parsed.strict, result.failedAssertions.length > 0);
      }
      case "diff": {
        const { runDiff } = await import("./commands/diff/run.ts");
        const result = await runDiff(parsed);
        return statusOf(result, parsed.strict, result.failedConditions > 0);
      }
      case "schema": {
        const { schemaText } = await import("./schema/mod.ts");
        console.log((await schemaText(parsed.name)).trimEnd());
        return ExitStatus.OK;
      }
    }
  } catch (caught) {
    const isRunning = caught instanceof FailedWhileRunning;
    const error = isRunning ? caught.failure : caught;
    const look = parsed !== null && "color" in parsed ? parsed : null;
    const command = parsed !== null && "command" in parsed ? parsed.command : null;
    const color = hasColor(look?.color ?? "auto", isTerminal("stderr"), Deno.env.toObject());
    console.error(renderError(error, { color, verbose: look?.verbose ?? false }).trimEnd());
    if (isRunning) await caught.mayEnd;
    return exitStatusOf(error instanceof IorError ? error.code : "runtime", command !== null && !isRunning);
  }
}

/**
 * With a command, its status or signal is ior's, unless what the user asked for is not there, or what was demanded of the
 * report does not hold: that no call is missing, which the assertions rest on, and then the assertions.
 */
function statusOf(
  { commandStatus, lossFree, recordingFailed }: RunResult,
  strict: boolean,
  assertionFailed = false,
): number | Deno.Signal {
  if (recordingFailed) return ExitStatus.RUNTIME;
  if (strict && !lossFree) return ExitStatus.LOSS;
  if (assertionFailed) return ExitStatus.ASSERTION;
  if (commandStatus === null) return ExitStatus.OK;
  return "exit" in commandStatus ? commandStatus.exit : commandStatus.signal as Deno.Signal;
}

if (import.meta.main) await endProcess(await main(Deno.args));
