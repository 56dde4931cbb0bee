import { GateSocket, OwnProcess } from "../bpf/mod.ts";
import { IorError } from "../runtime/errors.ts";
import { rawBytes } from "../runtime/raw_text.ts";
import { type CallingUser, environmentOf } from "./calling_user.ts";
import { isDirectory } from "./files/named.ts";
import { refusalOf, startFailed } from "./launch/answer.ts";
import { launchHelper } from "./launch/helper.ts";
import { encodeOrder } from "./launch/order.ts";
import { ownStart, startInTurn } from "./launch/own_start.ts";
import { FRONT_VARIABLE, OWN_VARIABLES, STARTED_VARIABLE } from "./launch/started.ts";
import { environmentBytes, textEnvironment } from "./launch/words.ts";

/** How a command ended. */
export type CommandStatus = { exit: number } | { signal: string };

/** A command to trace. */
export interface CommandPlan {
  /** Name or path, and arguments; bytes that are not UTF-8 as `runtime/raw_text.ts` has them. */
  argv: readonly string[];
  /** Sends the command's standard output to ior's standard error, because ior's own output goes to stdout. */
  stdoutToStderr: boolean;
  /**
   * Gives the command the null device in place of each standard stream that is a terminal, because a view of ior's has the
   * terminal; default no.
   */
  leavesTerminal?: boolean;
  /** Who the command runs as, `null` for whoever ior runs as. */
  user: CallingUser | null;
  /** Variables of the command before adjustment; `null` for those that ior was started with, byte for byte. */
  environment: Readonly<Record<string, string>> | null;
  /** Variables that it has as well; default none. */
  added?: Readonly<Record<string, string>>;
  /** Gives the command the null device as its standard input; default no. */
  readsNothing?: boolean;
}

const ALL_ONES = 2 ** 32 - 1;

/** The first letter of the helper's answer when the command is held. */
const READY = "r".charCodeAt(0);

/** Any byte lets the command go. */
const GO = new TextEncoder().encode("g");

/**
 * A command that was started and waits to be let go. Its process is the launch helper's until then: it already has the
 * attributes of the command, and its first successful exec is that of the command. When ior dies first, the helper ends and the
 * command is never run.
 */
export class HeldCommand implements Disposable {
  /** Its process, from the gate on. */
  readonly pid: number;
  /** Successful execs from the gate to the command, including its own. */
  readonly execs = 1;
  /** Resolves when the command ends. */
  readonly ended: Promise<CommandStatus>;
  readonly #gate: GateSocket;
  readonly #ready: Promise<void>;

  private constructor(pid: number, gate: GateSocket, ready: Promise<void>, ended: Promise<CommandStatus>) {
    this.pid = pid;
    this.#gate = gate;
    this.#ready = ready;
    this.ended = ended;
    // Whoever awaits them sees the error; nobody may be waiting yet.
    ready.catch(() => {});
    ended.catch(() => {});
  }

  /**
   * Starts the command, held before its first instruction: it reaches its gate while the kernel loads the programs. ior's own
   * signal handling must be set up later: the command would inherit it.
   *
   * @throws {IorError} `runtime` when the user is not one that a process can have, or no process can be created.
   */
  static start(plan: CommandPlan): HeldCommand {
    const order = orderOf(plan);
    const name = plan.argv[0];
    const gate = GateSocket.open();
    try {
      const helper = new Deno.Command(launchHelper(), {
        args: ["gate", String(gate.inherited)],
        clearEnv: true,
        ...standardStreams(plan),
      });
      const child = startInTurn(() => helper.spawn());
      gate.keepOwnEnd();
      gate.send(order);
      return new HeldCommand(child.pid, gate, answerOf(gate, name), child.status.then(commandStatus));
    } catch (cause) {
      gate.keepOwnEnd();
      gate.close();
      throw startFailed(name, cause);
    }
  }

  /**
   * Resolves when the command is held at its gate: its process does not change any more until its exec.
   *
   * @throws {IorError} `command_not_found` or `command_not_executable`, as seen by the user who runs it.
   */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Lets the command go. */
  release(): void {
    this.#gate.send(GO);
    this.#gate.close();
  }

  /** Ends a command that was never let go. */
  abandon(): void {
    this.#gate.close();
  }

  /** As {@linkcode HeldCommand.abandon}. */
  [Symbol.dispose](): void {
    this.abandon();
  }
}

/** What the command has as its descriptors 0 to 2. */
function standardStreams({ leavesTerminal = false, readsNothing = false }: CommandPlan) {
  const streamOf = (name: "stdin" | "stdout" | "stderr") =>
    leavesTerminal && Deno[name].isTerminal() ? "null" : "inherit";
  return {
    stdin: readsNothing ? "null" : streamOf("stdin"),
    stdout: streamOf("stdout"),
    stderr: streamOf("stderr"),
  } as const;
}

function commandStatus({ code, signal }: Deno.CommandStatus): CommandStatus {
  return signal === null ? { exit: code } : { signal };
}

/** The order for the helper. */
function orderOf({ argv, stdoutToStderr, user, environment, added }: CommandPlan): Uint8Array<ArrayBuffer> {
  // The kernel takes all ones as "leave it as it is".
  if (user && Math.max(user.uid, user.gid) >= ALL_ONES) {
    throw new IorError(
      "runtime",
      `Cannot run the command as user ${user.uid} of group ${user.gid}: there is none`,
      {
        hint: "Check SUDO_UID and SUDO_GID, which sudo sets",
      },
    );
  }
  const own = OwnProcess.open();
  return encodeOrder({
    argv: argv.map(rawBytes),
    environment: environment
      ? textEnvironment({ ...environmentOf(user, environment), ...added })
      : environmentBytes(own.environment(), (texts) => {
        delete texts[STARTED_VARIABLE];
        delete texts[FRONT_VARIABLE];
        for (const [name, own] of Object.entries(OWN_VARIABLES)) if (texts[name] === own) delete texts[name];
        return { ...environmentOf(user, texts), ...added };
      }),
    stdoutToStderr,
    user: user && { uid: user.uid, gid: user.gid, groups: own.groupsOf(user.name, user.gid) },
    started: ownStart(),
  });
}

/** Waits for the helper's answer: resolves when the command is held, rejects with the reason when it is not. */
async function answerOf(gate: GateSocket, name: string): Promise<void> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = await gate.receive();
    if (part.length === 0) throw refusalOf(name, joined(parts), isDirectory(name));
    parts.push(part);
    if (parts[0][0] === READY) return;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
