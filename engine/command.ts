import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { IorError } from "../runtime/errors.ts";
import { type CallingUser, environmentOf } from "./calling_user.ts";

/** How a command ended. */
export type CommandStatus = { exit: number } | { signal: string };

/** A command to trace. */
export interface CommandPlan {
  /** Name or path, and arguments. */
  argv: readonly string[];
  /** Sends the command's standard output to ior's standard error, because ior's own output goes to stdout. */
  stdoutToStderr: boolean;
  /** Who the command runs as, `null` for whoever ior runs as. */
  user: CallingUser | null;
  /** Variables of ior's process, from which the command's are made. */
  environment: Readonly<Record<string, string>>;
  /** Descriptor of the command's that ior holds it by, 3 to 9; those below it are the command's own. */
  gateDescriptor: number;
}

/**
 * Waits for ior on a descriptor and becomes the command. When ior dies first, the read ends and the command is never
 * run: nothing stays behind stopped. The programs show rows from the exec that succeeds on, so neither the shell nor
 * its search of the path is seen.
 */
function gateScript(fd: number): string {
  return `unset DENO_EXTRA_STDIO_FDS; echo >&${fd} && read -r IOR_GO <&${fd} || exit 125; unset IOR_GO; ` +
    `exec ${fd}>&-; exec "$0" "$@"`;
}

/** Hands over variables; named by its path, whatever the command's PATH. */
const ENV = "/usr/bin/env";

/** What a shell takes as the name of a variable; it drops the others from the environment. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A command that was started and waits to be let go. */
export class HeldCommand implements Disposable {
  /** Its process, from the gate on. */
  readonly pid: number;
  /** Successful execs from the gate to the command, its own included. */
  readonly execs: number;
  /** Resolves when the command ends. */
  readonly ended: Promise<CommandStatus>;
  readonly #gate: Duplex | undefined;
  readonly #ready: Promise<void>;

  private constructor(
    pid: number,
    execs: number,
    gate: Duplex | undefined,
    ready: Promise<void>,
    ended: Promise<CommandStatus>,
  ) {
    this.pid = pid;
    this.execs = execs;
    this.#gate = gate;
    this.#ready = ready;
    this.ended = ended;
  }

  /**
   * Starts the command, held before its first instruction.
   *
   * @throws {IorError} `command_not_found` or `command_not_executable`.
   */
  static start(plan: CommandPlan): HeldCommand {
    const environment = environmentOf(plan.user, plan.environment);
    checkCommand(plan.argv[0], environment.PATH ?? DEFAULT_PATH);
    const fd = plan.gateDescriptor;
    const gate = plan.stdoutToStderr ? `${gateScript(fd)} >&2` : gateScript(fd);
    // Variables that a shell would drop are handed over by env, one exec further.
    const dropped = Object.entries(environment).filter(([name]) => !SHELL_NAME.test(name));
    const viaEnv = dropped.length > 0;
    const words = viaEnv ? [ENV, ...dropped.map(([name, value]) => `${name}=${value}`)] : [];
    const shell = [SHELL, "-c", gate, ...words, ...plan.argv];
    // setpriv sets the supplementary groups too, which a plain change of user would drop.
    const argv = plan.user
      ? [
        findSetpriv(),
        `--reuid=${plan.user.uid}`,
        `--regid=${plan.user.gid}`,
        "--init-groups",
        "--",
        ...shell,
      ]
      : shell;
    const child = spawn(argv[0], argv.slice(1), {
      stdio: ["inherit", "inherit", "inherit", ...Array(fd - 3).fill("ignore"), "pipe"],
      env: environment,
    });
    // Without a process there is no stream; the error event says why.
    const stream = child.stdio?.[fd] as unknown as Duplex | undefined;
    const ended = new Promise<CommandStatus>((resolve, reject) => {
      child.once("error", (cause) => reject(startFailed(argv[0], cause)));
      child.once("exit", (code, signal) => resolve(signal === null ? { exit: code ?? 0 } : { signal }));
    });
    ended.catch(() => {}); // whoever waits for it sees the error; nobody may be waiting yet
    const ready = new Promise<void>((resolve, reject) => {
      stream?.once("data", () => resolve());
      stream?.on("error", () => {}); // the end of the child says more
      ended.then(() => reject(startFailed(argv[0])), reject);
    });
    ready.catch(() => {});
    return new HeldCommand(child.pid ?? 0, viaEnv ? 2 : 1, stream, ready, ended);
  }

  /** Resolves when the command is held at its gate: its process is what it will be until its own exec. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Lets the command go. */
  release(): void {
    this.#gate?.end("go\n");
  }

  /** Ends a command that was never let go. */
  abandon(): void {
    this.#gate?.destroy();
  }

  /** As {@linkcode HeldCommand.abandon}. */
  [Symbol.dispose](): void {
    this.abandon();
  }
}

/** The shell of the gate: where POSIX systems have it, whatever the command's PATH. */
const SHELL = "/bin/sh";

/** Where util-linux puts setpriv. */
const SETPRIV_DIRECTORIES = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

function findSetpriv(): string {
  const found = SETPRIV_DIRECTORIES.map((directory) => `${directory}/setpriv`).find((path) =>
    statOf(path)?.isFile
  );
  if (found !== undefined) return found;
  throw new IorError("unsupported", "Cannot run the command as the calling user: setpriv was not found", {
    hint: "Install util-linux, or run ior as root without sudo to run the command as root",
  });
}

/** Where the C library looks when there is no PATH. */
const DEFAULT_PATH = "/bin:/usr/bin";

/** Fails early, and as `env` does, when a command cannot be run. */
function checkCommand(name: string, path: string): void {
  if (name === "") {
    throw new IorError("command_not_found", "Cannot find the command: its name is empty", {
      hint: "Name a program",
    });
  }
  const candidates = name.includes("/")
    ? [name]
    : path.split(":").map((directory) => `${directory || "."}/${name}`);
  let found: string | null = null;
  for (const candidate of candidates) {
    const info = statOf(candidate);
    if (info === null) continue;
    if (info.isFile && ((info.mode ?? 0) & 0o111) !== 0) return;
    found ??= candidate;
  }
  if (found !== null) {
    const why = statOf(found)?.isDirectory ? "it is a directory" : "it has no permission to be executed";
    throw new IorError("command_not_executable", `Cannot execute ${found}: ${why}`, {
      hint: statOf(found)?.isDirectory ? "Name a program" : `Allow it: chmod +x ${found}`,
    });
  }
  throw new IorError("command_not_found", `Cannot find the command ${name}`, {
    hint: name.includes("/") ? "Check the path" : "Check the name, or give the path of the program",
  });
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}

function startFailed(name: string, cause?: unknown): IorError {
  return new IorError("runtime", `Cannot start the command through ${name}`, {
    hint: "Check that it is installed",
    cause,
  });
}
