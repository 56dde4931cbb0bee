import { HeldCommand } from "../../engine/mod.ts";
import { delay } from "../../runtime/delay.ts";
import type { ReportTrigger } from "../../runtime/report.ts";
import { sayAboveProgress } from "./progress.ts";
import { traceUser } from "./trace_user.ts";

/** Most runs at a time: a program that hangs must not pile up. */
const MOST_RUNNING = 4;

/** Longest wait for runs when ior ends; what still runs goes on without it. */
const END_MS = 10_000;

/**
 * Runs a program for each window, as the user behind sudo, with the null device as its input and its output on standard
 * error. Nobody waits for it until ior ends.
 */
export class AlertRuns {
  readonly #argv: readonly string[];
  readonly #running = new Set<Promise<void>>();

  /** `argv` is the program with its arguments. */
  constructor(argv: readonly string[]) {
    this.#argv = argv;
  }

  /** Runs it for a file; says why when it cannot. */
  run(file: string, trigger: ReportTrigger): void {
    if (this.#running.size >= MOST_RUNNING) {
      return sayAboveProgress(
        `${this.#argv[0]} is not run for ${file}: ${MOST_RUNNING} of it are still running`,
      );
    }
    const run: Promise<void> = this.#start(file, trigger)
      .catch((reason) => sayAboveProgress(`Cannot run ${this.#argv[0]} for ${file}: ${reason.message}`))
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Waits for what still runs, but not for ever. */
  async finish(): Promise<void> {
    const enough = new AbortController();
    await Promise.race([Promise.all(this.#running), delay(END_MS, enough.signal)]);
    enough.abort();
    if (this.#running.size > 0) sayAboveProgress(`${this.#argv[0]} is still running, and is left to itself`);
  }

  async #start(file: string, trigger: ReportTrigger): Promise<void> {
    using held = HeldCommand.start({
      argv: this.#argv,
      stdoutToStderr: true,
      user: traceUser(),
      environment: null,
      added: alertVariables(file, trigger),
      readsNothing: true,
    });
    await held.ready();
    held.release();
    const status = await held.ended;
    if ("signal" in status) sayAboveProgress(`${this.#argv[0]} was killed by ${status.signal}`);
    else if (status.exit !== 0) sayAboveProgress(`${this.#argv[0]} ended with exit status ${status.exit}`);
  }
}

/** What the program is told: the file, and the first call that matched. What has no value is empty. */
export function alertVariables(file: string, trigger: ReportTrigger): Record<string, string> {
  const { condition, time, matches, pid, tid, comm, syscall, path, errno, latency_ns } = trigger;
  return {
    IOR_FILE: file,
    IOR_TRIGGER: condition,
    IOR_MATCHES: String(matches),
    IOR_TIME: time,
    IOR_PID: String(pid),
    IOR_TID: String(tid),
    IOR_COMM: comm,
    IOR_SYSCALL: syscall,
    IOR_PATH: path ?? "",
    IOR_ERRNO: errno ?? "",
    IOR_LATENCY_NS: String(latency_ns ?? ""),
  };
}
