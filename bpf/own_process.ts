import { Libc, SignalAction } from "./ffi/libc.ts";

/** Parents of a process that are looked at; a chain of wrappers in one group is shorter. */
const MAX_PARENTS = 16;

/** Niceness of a thread that runs before others, and the one for which nobody has chosen another (`man 7 sched`). */
const FIRST = -20;
const ORDINARY = 0;

/** How many want this process to run first, and whether its threads do. */
let wantFirst = 0;
let runsFirst = false;

/** What the kernel and libc say of ior's own process, and of those it started. */
export class OwnProcess {
  readonly #libc: Libc;

  private constructor(libc: Libc) {
    this.#libc = libc;
  }

  static open(): OwnProcess {
    return new OwnProcess(Libc.open());
  }

  /** The words this process was started with, the program's name among them, as bytes. */
  commandLine(): Uint8Array[] {
    return this.#texts("/proc/self/cmdline");
  }

  /** The variables this process was started with, `NAME=value`, as bytes; what the runtime has set since is not there. */
  environment(): Uint8Array[] {
    return this.#texts("/proc/self/environ");
  }

  /** Text of `/proc/self/status` (`man 5 proc_pid_status`), empty when it cannot be read. */
  status(): string {
    return this.#libc.readSpecialText("/proc/self/status") ?? "";
  }

  /** True when the process was stopped, by Ctrl-Z for instance, and is not to run until it is continued. */
  isStopped(pid: number): boolean {
    return this.#stat(pid)?.state === "T";
  }

  /**
   * True when somebody can continue this process after it has stopped: a parent outside of its group is in its session, as a
   * shell is (`will_become_orphaned_pgrp` in kernel/exit.c).
   */
  isJob(): boolean {
    const own = this.#stat(Deno.pid);
    let parent = own;
    for (let i = 0; own !== null && parent !== null && i < MAX_PARENTS; i++) {
      parent = this.#stat(parent.parent);
      if (parent !== null && parent.group !== own.group) return parent.session === own.session;
    }
    return false;
  }

  /**
   * Lets the threads of this process run before others of its session or control group, until all are disposed who asked for
   * it. Does nothing where a niceness was chosen, or where neither CAP_SYS_NICE nor the limit of niceness permits it.
   */
  runFirst(): Disposable {
    if (wantFirst++ === 0 && this.#libc.niceness(0) === ORDINARY) {
      this.#setThreads(ORDINARY, FIRST);
      runsFirst = this.#libc.niceness(0) === FIRST;
    }
    return {
      [Symbol.dispose]: () => {
        if (--wantFirst > 0 || !runsFirst) return;
        this.#setThreads(FIRST, ORDINARY);
        runsFirst = false;
      },
    };
  }

  /** Starts a program that does not run first, also while this process does: it has the niceness of the thread that starts it. */
  startInTurn<Started>(start: () => Started): Started {
    if (!runsFirst) return start();
    this.#libc.setNiceness(0, ORDINARY);
    try {
      return start();
    } finally {
      this.#libc.setNiceness(0, FIRST);
    }
  }

  /** Again until none is left: a thread that is not changed yet may start another. */
  #setThreads(from: number, to: number): void {
    for (let changed = 1; changed > 0;) {
      changed = 0;
      for (const thread of this.#libc.threads()) {
        if (this.#libc.niceness(thread) === from && this.#libc.setNiceness(thread, to)) changed++;
      }
    }
  }

  /** Numbers of the groups of a user, its own group among them. */
  groupsOf(user: string, group: number): number[] {
    return this.#libc.groupsOf(user, group);
  }

  /**
   * Lets a signal end this process at once, whatever its threads do and whoever listens. A core file would be of the
   * runtime, and is not left.
   */
  endBySignal(signal: number): void {
    this.#libc.leaveNoCore();
    this.#libc.setSignal(signal, SignalAction.DEFAULT);
  }

  /** Lets listeners hear a signal once more; the one after that ends this process at once. */
  handleOnce(signal: number): void {
    this.#libc.handleOnce(signal);
  }

  /** Lets the kernel drop a signal, whoever listens. */
  ignoreSignal(signal: number): void {
    this.#libc.setSignal(signal, SignalAction.IGNORE);
  }

  /** True when a signal that is blocked in every thread has come since the last call. */
  takeSignal(signal: number): boolean {
    return this.#libc.takeSignal(signal);
  }

  /** From `/proc/PID/stat` (`man 5 proc_pid_stat`); `null` for a process that is gone. */
  #stat(pid: number): { state: string; parent: number; group: number; session: number } | null {
    const bytes = this.#libc.readSpecialFile(`/proc/${pid}/stat`);
    if (bytes === null) return null;
    // The name before the state may hold anything but its last bracket.
    const stat = new TextDecoder().decode(bytes);
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent), group: Number(group), session: Number(session) };
  }

  /** Texts of a file that has a null byte behind each. */
  #texts(path: string): Uint8Array[] {
    const bytes = this.#libc.readSpecialFile(path) ?? new Uint8Array();
    const texts: Uint8Array[] = [];
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(0, from);
      const to = end < 0 ? bytes.length : end;
      texts.push(bytes.slice(from, to));
      from = to + 1;
    }
    return texts;
  }
}
