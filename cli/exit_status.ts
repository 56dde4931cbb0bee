/** The exit statuses of ior, and which one a failure ends with. */
import type { CommandStatus } from "../engine/mod.ts";
import type { IorErrorCode } from "../runtime/errors.ts";

/** Exit statuses by name. With a command, its status replaces `OK`. */
export const ExitStatus = {
  OK: 0,
  /** Something failed while running. */
  RUNTIME: 1,
  /** An option, a value or the command line is wrong. */
  USAGE: 2,
  /** An assertion on the report failed. */
  ASSERTION: 3,
  /** Calls were lost, or may have been, under `--strict`; or have no row in a recording that is counted. */
  LOSS: 4,
  /** ior failed before it could run the command, as with `env`. */
  BEFORE_COMMAND: 125,
  /** The command was found and could not be executed, as with `env`. */
  NOT_EXECUTABLE: 126,
  /** The command was not found, as with `env`. */
  NOT_FOUND: 127,
} as const;

/** One of {@linkcode ExitStatus}. */
export type ExitStatus = typeof ExitStatus[keyof typeof ExitStatus];

/** Their texts in the help. */
export const EXIT_STATUS_HELP: readonly (readonly [status: ExitStatus, meaning: string])[] = [
  [ExitStatus.OK, "done; with a COMMAND its status, or its signal"],
  [ExitStatus.RUNTIME, "failed while running"],
  [ExitStatus.USAGE, "an option or value is wrong"],
  [ExitStatus.ASSERTION, "an assertion does not hold"],
  [ExitStatus.LOSS, "calls were lost, or may have been, under --strict"],
  [ExitStatus.BEFORE_COMMAND, "failed before the command was started"],
  [ExitStatus.NOT_EXECUTABLE, "the command cannot be executed"],
  [ExitStatus.NOT_FOUND, "the command cannot be found"],
];

/**
 * The status a failure of this kind ends ior with.
 *
 * `commandPending` is true from when the command line is parsed and names a command until that command runs: callers
 * of ior read the status as that of the command, and must be able to tell that it never ran. A usage error is always 2:
 * the command was not yet known.
 */
export function exitStatusOf(code: IorErrorCode, commandPending: boolean): ExitStatus {
  switch (code) {
    case "usage":
      return ExitStatus.USAGE;
    case "command_not_found":
      return ExitStatus.NOT_FOUND;
    case "command_not_executable":
      return ExitStatus.NOT_EXECUTABLE;
    case "privilege":
    case "unsupported":
    case "runtime":
      return commandPending ? ExitStatus.BEFORE_COMMAND : ExitStatus.RUNTIME;
  }
}

/** A failure after the command has started: its status must not look like one from before. */
export class FailedWhileRunning {
  /** What failed. */
  readonly failure: unknown;
  /** Settles when ior may end: a command that still runs is waited for. */
  readonly mayEnd: Promise<unknown>;

  constructor(failure: unknown, mayEnd: Promise<unknown> = Promise.resolve()) {
    this.failure = failure;
    this.mayEnd = mayEnd;
  }
}

/** What a run leaves behind for the exit status. */
export interface RunResult {
  commandStatus: CommandStatus | null;
  /** False when calls may be missing from what was made: lost, or sampled away from what counts rows. */
  lossFree: boolean;
  /** True when rows are missing from a recording that was asked for; it has been said. */
  recordingFailed?: boolean;
}

/**
 * With a command, its status or signal is ior's, unless a requested output is missing or a check of the report failed:
 * first that no call is missing, on which the assertions depend, then the assertions.
 */
export function statusOf(
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
