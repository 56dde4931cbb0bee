import { fileURLToPath } from "node:url";
import { waitFor } from "../wait.ts";
import { compile } from "./compile.ts";
import { type IorOptions, iorWords } from "./ior.ts";

/** Longest step, and longest end of ior after the last; only reached when something hangs. */
const DEADLINE_MS = 180_000;

/**
 * Makes ior the child of a shell, so that the peak of its memory is its own and not that of the test runner, which the kernel
 * takes over at the exec (`exec_mmap` in the kernel's `fs/exec.c`). With a path, that takes ior's standard output.
 */
function smallParent(stdoutPath: string | undefined): string[] {
  const target = stdoutPath === undefined ? "" : ` >'${stdoutPath}'`;
  return ["sh", "-c", `"$@"${target}; exit $?`, "sh"];
}

/** The words that run `steps.c`; a step is a number of calls, or `-` for calls until it is let go. */
export async function stepsWords(perMs: number, steps: readonly (number | "-")[]): Promise<string[]> {
  const program = await compile(fileURLToPath(new URL("./steps.c", import.meta.url)));
  return [program, String(perMs), ...steps.map(String)];
}

/** What the program has told of a step. */
export interface StepDone {
  calls: number;
  /** Largest memory of ior by then, bytes. */
  iorPeakBytes: number;
}

/** How a run ended. */
export interface StepsEnd {
  code: number;
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
  /** All calls of the steps that were done. */
  calls: number;
}

/** What a run may be given. */
export interface StepsOptions extends IorOptions {
  /** False when ior itself is the child, to be sent signals; its memory is not its own then. */
  smallParent?: boolean;
  /** A file or named pipe that takes ior's standard output. */
  stdoutPath?: string;
}

/** A program that runs by steps, alone or with ior around it. */
export class StepsRun implements AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array> | null;
  readonly #read: Promise<unknown>;
  readonly #wrapped: boolean;
  #ended = false;
  readonly #text = { stdout: "", stderr: "" };

  /** Runs the words of {@linkcode stepsWords}, with ior and these arguments before them, or alone for `null`. */
  constructor(args: readonly string[] | null, words: readonly string[], options: StepsOptions = {}) {
    this.#wrapped = args !== null && options.smallParent !== false;
    const wrapper = this.#wrapped ? smallParent(options.stdoutPath) : [];
    const [command, ...rest] = args === null
      ? words
      : iorWords([...args, "--", ...words], { ...options, wrapper });
    const stdin = options.stdin ?? "null";
    const { env, cwd } = options;
    this.child = new Deno.Command(command, { args: rest, env, cwd, stdin, stdout: "piped", stderr: "piped" })
      .spawn();
    this.#stdin = stdin === "piped" ? this.child.stdin.getWriter() : null;
    this.child.status.then(() => this.#ended = true);
    this.#read = Promise.all([this.#collect("stdout"), this.#collect("stderr")]);
  }

  /** The steps that are done; the program's lines are on ior's standard output, or on the other while that has data. */
  get done(): StepDone[] {
    const { stdout, stderr } = this.#text;
    return Array.from(
      `${stdout}\n${stderr}`.matchAll(/^step (\d+) (\d+)$/gm),
      ([, calls, kb]) => ({ calls: Number(calls), iorPeakBytes: Number(kb) * 1024 }),
    );
  }

  /** Waits until this many steps are done, and gives the last of them. */
  async step(count: number): Promise<StepDone> {
    await waitFor(() => this.#ended || this.done.length >= count, {
      timeoutMs: DEADLINE_MS,
      what: `step ${count} to be done`,
    });
    if (this.done.length < count) await this.#read;
    if (this.done.length < count) throw new Error(`It ended before step ${count}: ${this.#text.stderr}`);
    return this.done[count - 1];
  }

  /** Lets the next step go, or ends one that has no number of calls. */
  async go(): Promise<void> {
    await this.#stdin!.write(new Uint8Array(1));
  }

  /** Lets all go that is left. */
  async goOn(): Promise<void> {
    await this.#stdin?.close().catch(() => {});
  }

  /** Waits until ior has ended; the program may go on. */
  async iorEnd(): Promise<Deno.CommandStatus> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const kill = () => this.#kill();
    deadline.addEventListener("abort", kill);
    const status = await this.child.status;
    deadline.removeEventListener("abort", kill);
    return status;
  }

  /** Waits until all have ended. */
  async end(): Promise<StepsEnd> {
    const { code, signal } = await this.iorEnd();
    await this.#read;
    const calls = this.done.reduce((sum, step) => sum + step.calls, 0);
    return { code, signal, ...this.#text, calls };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goOn(); // the program ends by itself then
    this.#kill();
    await this.end();
  }

  async #collect(name: "stdout" | "stderr"): Promise<void> {
    for await (const text of this.child[name].pipeThrough(new TextDecoderStream())) this.#text[name] += text;
  }

  #kill(): void {
    if (this.#ended) return;
    try {
      // Around ior there may be a shell, which would leave it behind.
      const { pid } = this.child;
      const inside = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
      if (this.#wrapped) { for (const ior of inside) Deno.kill(Number(ior), "SIGKILL"); }
      this.child.kill("SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}
