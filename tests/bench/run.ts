/** Running programs with a limit in time, and tracers that are attached to the machine beside them. */
import { cpuTicks, descriptorsOf } from "./proc.ts";

/** Longest for a program from its start to its end: the slowest need a tenth of it on an idle machine. */
const LIMIT_MS = 90_000;

/** Longest until a tracer is attached. */
const ATTACH_LIMIT_MS = 30_000;

/** Longest for a tracer to end when it is told to: some hang once in many times. */
const STOP_LIMIT_MS = 20_000;

/** Between two looks at a tracer that starts. */
const LOOK_MS = 150;

/** CPU of a tracer between two looks, in hundredths of a second, that says that it has begun: a fifth of a core. */
const CALM_TICKS = 3;

/** Longest until a tracer is calm: on a machine with other work it never may be. */
const CALM_LIMIT_MS = 3_000;

/** Descriptors that a tracer has when it is attached: links of eBPF programs, or events of perf. */
const ATTACHED = /^anon_inode:(bpf_link|bpf-raw-tracepoint|\[perf_event\])/;

/** What a program printed. */
export interface Printed {
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @throws {Error} With its last words when it fails, and when it takes longer than 90 seconds.
 */
export function run(command: readonly string[]): Promise<Printed> {
  return outputOf(start(command), command);
}

/** A tracer that is attached. */
export interface Attached {
  /** Interrupts it and answers with all it printed. */
  stop(): Promise<Printed>;
}

/**
 * Starts a tracer and waits until it is attached, and done with what it does only at its start.
 *
 * @throws {Error} With its last words when it ends before, and when it is not attached after 30 seconds.
 */
export async function attach(command: readonly string[]): Promise<Attached> {
  const child = start(command);
  let running = true;
  const output = outputOf(child, command).finally(() => running = false);
  // Until it is awaited, an early end is no unhandled rejection.
  output.catch(() => {});
  const limit = performance.now() + ATTACH_LIMIT_MS;
  // Programs are attached one after the other: the last one is when no more have come since the last look.
  for (let before = 0, now = 0; now === 0 || now !== before;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (!running) throw failure(command, "ended before it was attached", await output);
    if (performance.now() > limit) {
      child.kill("SIGKILL");
      throw failure(command, "was not attached in time", await output.catch(() => NOTHING));
    }
    [before, now] = [now, descriptorsOf(child.pid).filter((path) => ATTACHED.test(path)).length];
  }
  await calm(child.pid);
  return {
    async stop() {
      if (running) child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      return await output.finally(() => clearTimeout(timer));
    },
  };
}

const NOTHING: Printed = { stdout: "", stderr: "" };

/** Starts a program whose output is kept. */
export function start([program, ...args]: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
}

/**
 * What a program that was started has printed at its end.
 *
 * @throws {Error} As {@linkcode run}.
 */
export async function outputOf(child: Deno.ChildProcess, command: readonly string[]): Promise<Printed> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, LIMIT_MS);
  const { success, signal, code, ...bytes } = await child.output();
  clearTimeout(timer);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const printed = { stdout: text(bytes.stdout), stderr: text(bytes.stderr) };
  if (late) throw failure(command, `took longer than ${LIMIT_MS / 1000} s`, printed);
  // Some end with the signal that asked them to.
  if (!success && signal !== "SIGINT" && code !== 130) {
    throw failure(command, signal === null ? "failed" : `was ended by ${signal}`, printed);
  }
  return printed;
}

function failure([program]: readonly string[], what: string, { stdout, stderr }: Printed): Error {
  const words = (stderr.trim() || stdout.trim()).split("\n").slice(-3).join(" ");
  return new Error(`${program.replace(/^.*\//, "")} ${what}: ${words}`);
}

/** Waits until a process uses little of a processor, or three seconds. */
async function calm(pid: number): Promise<void> {
  const limit = performance.now() + CALM_LIMIT_MS;
  for (let before = cpuTicks(pid); performance.now() < limit;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = cpuTicks(pid);
    if (now - before < CALM_TICKS) return;
    before = now;
  }
}
