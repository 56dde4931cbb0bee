import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { isatty } from "node:tty";
import { OwnProcess } from "../bpf/mod.ts";
import { IorError } from "../runtime/errors.ts";
import { rawBytes } from "../runtime/raw_text.ts";
import { type CallingUser, environmentOf } from "./calling_user.ts";
import { refusalOf, startFailed } from "./launch/answer.ts";
import { launchHelper } from "./launch/helper.ts";
import { encodeOrder } from "./launch/order.ts";
import { ownStart } from "./launch/own_start.ts";
import { OWN_VARIABLES, STARTED_VARIABLE } from "./launch/started.ts";
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
  /** Descriptor by which ior holds the command; it must not be one that the command inherits. */
  gateDescriptor: number;
}

const ALL_ONES = 2 ** 32 - 1;

/** The first letter of the helper's answer when the command is held. */
const READY = "r".charCodeAt(0);

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
  readonly #gate: Duplex | undefined;
  readonly #ready: Promise<void>;

  private constructor(
    pid: number,
    gate: Duplex | undefined,
    ready: Promise<void>,
    ended: Promise<CommandStatus>,
  ) {
    this.pid = pid;
    this.#gate = gate;
    this.#ready = ready;
    this.ended = ended;
  }

  /**
   * Starts the command, held before its first instruction.
   *
   * @throws {IorError} `runtime` when the user is not one that a process can have.
   */
  static start(plan: CommandPlan): HeldCommand {
    const order = orderOf(plan);
    const fd = plan.gateDescriptor;
    const child = spawn(launchHelper(), ["gate", String(fd)], {
      stdio: [...standardStreams(plan), ...Array(fd - 3).fill("ignore"), "pipe"],
      env: {},
    });
    const name = plan.argv[0];
    const ended = new Promise<CommandStatus>((resolve, reject) => {
      child.once("error", (cause) => reject(startFailed(name, cause)));
      child.once("exit", (code, signal) => resolve(signal === null ? { exit: code ?? 0 } : { signal }));
    });
    ended.catch(() => {}); // whoever awaits it sees the error; nobody may be waiting yet
    // Without a process there is no stream; the error event has the reason.
    const gate = child.stdio?.[fd] as unknown as Duplex | undefined;
    const ready = gate ? answerOf(gate, name) : ended.then(() => {});
    ready.catch(() => {});
    gate?.write(order);
    return new HeldCommand(child.pid ?? 0, gate, ready, ended);
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
    this.#gate?.end("g");
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

/** What the command has as its descriptors 0 to 2. */
function standardStreams({ leavesTerminal = false }: CommandPlan): ("inherit" | "ignore")[] {
  return [0, 1, 2].map((fd) => leavesTerminal && isatty(fd) ? "ignore" : "inherit");
}

/** The order for the helper. */
function orderOf({ argv, stdoutToStderr, user, environment }: CommandPlan): Uint8Array {
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
  using own = OwnProcess.open();
  return encodeOrder({
    argv: argv.map(rawBytes),
    environment: environment
      ? textEnvironment(environmentOf(user, environment))
      : environmentBytes(own.environment(), (texts) => {
        delete texts[STARTED_VARIABLE];
        for (const [name, own] of Object.entries(OWN_VARIABLES)) if (texts[name] === own) delete texts[name];
        return environmentOf(user, texts);
      }),
    stdoutToStderr,
    user: user && { uid: user.uid, gid: user.gid, groups: own.groupsOf(user.name, user.gid) },
    started: ownStart(),
  });
}

/** Waits for the helper's answer: resolves when the command is held, rejects with the reason when it is not. */
function answerOf(gate: Duplex, name: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const parts: Uint8Array[] = [];
    gate.on("data", (part: Uint8Array) => {
      parts.push(part);
      if (parts[0][0] === READY) resolve();
    });
    const ended = () => reject(refusalOf(name, joined(parts)));
    gate.on("end", ended).on("close", ended);
    gate.on("error", () => {}); // the end event tells more
  });
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
