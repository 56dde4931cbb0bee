import { IorError } from "../runtime/errors.ts";
import type { Filter } from "../runtime/filter/mod.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import type { Libc } from "./ffi/libc.ts";
import { NOT_FOLLOWED } from "./wire.ts";

/** File descriptors of the maps. */
type Maps = Readonly<Record<"pids" | "tids", number>>;

/**
 * The processes and threads that a trace selects by number. Each number is taken back when its task ends, because another
 * one may be given it: by the kernel while its programs are attached, before that by {@linkcode SelectedTasks.forgetEnded}.
 */
export class SelectedTasks implements Disposable {
  readonly #libc: Libc;
  readonly #libbpf: Libbpf;
  readonly #maps: Maps;
  /** File descriptors of the processes, by number. */
  readonly #pidfds = new Map<number, number>();
  readonly #tids: ReadonlySet<number>;

  /** @throws {IorError} When a process or thread does not exist, or the number of a process is that of a thread. */
  constructor(
    libc: Libc,
    libbpf: Libbpf,
    maps: Maps,
    { pids, tids, follow }: Pick<Filter, "pids" | "tids" | "follow">,
  ) {
    this.#libc = libc;
    this.#libbpf = libbpf;
    this.#maps = maps;
    this.#tids = new Set(tids);
    using resources = new DisposableStack();
    resources.use(this);
    if (follow) {
      for (const pid of ownAncestry(libc, pids)) this.#add("pids", pid, NOT_FOLLOWED);
    }
    for (const pid of new Set(pids)) {
      this.#pidfds.set(pid, openProcess(libc, pid));
      this.addProcess(pid);
    }
    for (const tid of this.#tids) {
      if (!isThread(libc, tid)) throw noSuch("thread", tid, "ps -eL");
      this.#add("tids", tid, 0);
    }
    resources.move();
  }

  /** True when some were selected when the trace was loaded. */
  get areAny(): boolean {
    return this.#pidfds.size + this.#tids.size > 0;
  }

  /** True when all of these have ended. */
  get haveEnded(): boolean {
    for (const fd of this.#pidfds.values()) if (!this.#libc.isReadable(fd)) return false;
    return this.#tids.size === 0 || this.#libbpf.isEmpty(this.#maps.tids, Uint32Array.BYTES_PER_ELEMENT);
  }

  /** Selects one more process: from now on, or after `execs` successful execs. */
  addProcess(pid: number, execs = 0): void {
    this.#add("pids", pid, execs);
  }

  /** Takes back the numbers of those that ended before the kernel did so. */
  forgetEnded(): void {
    for (const pid of this.#endedPids()) this.#libbpf.deleteElement(this.#maps.pids, keyOf(pid));
    for (const tid of this.#tids) {
      if (!isThread(this.#libc, tid)) this.#libbpf.deleteElement(this.#maps.tids, keyOf(tid));
    }
  }

  /** Those of them that have ended. */
  ended(): Pick<Filter, "pids" | "tids"> {
    return { pids: this.#endedPids(), tids: this.#endedTids() };
  }

  [Symbol.dispose](): void {
    for (const fd of this.#pidfds.values()) this.#libc.close(fd);
  }

  #endedPids(): number[] {
    return [...this.#pidfds].filter(([, fd]) => this.#libc.isReadable(fd)).map(([pid]) => pid);
  }

  #endedTids(): number[] {
    if (this.#tids.size === 0) return [];
    const keys = this.#libbpf.keysOf(this.#maps.tids, Uint32Array.BYTES_PER_ELEMENT);
    const left = new Set(keys.map((key) => new Uint32Array(key.buffer)[0]));
    return [...this.#tids.difference(left)];
  }

  #add(map: keyof Maps, id: number, value: number): void {
    this.#libbpf.updateElement(this.#maps[map], keyOf(id), Uint8Array.of(value));
  }
}

function keyOf(id: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(id).buffer);
}

/** A file descriptor that is readable once the process has ended. */
function openProcess(libc: Pick<Libc, "pidfdOpen" | "readSpecialText">, pid: number): number {
  const fd = libc.pidfdOpen(pid);
  if (fd >= 0) return fd;
  const leader = /^Tgid:\s*(\d+)$/m.exec(libc.readSpecialText(`/proc/${pid}/status`) ?? "")?.[1];
  if (leader !== undefined && Number(leader) !== pid) {
    throw new IorError("runtime", `Cannot trace process ${pid}: it is a thread of process ${leader}`, {
      reason: "thread_number",
    });
  }
  throw noSuch("process", pid, "ps -e");
}

function noSuch(kind: "process" | "thread", id: number, list: string): IorError {
  const listed = kind === "process" ? "processes" : "threads";
  return new IorError("runtime", `Cannot trace ${kind} ${id}: there is no such ${kind}`, {
    hint: `List ${listed} with: ${list}`,
  });
}

/** True when there is a thread with this number that has not ended. */
function isThread(libc: Pick<Libc, "readSpecialText">, tid: number): boolean {
  return /^State:\s*[^XZ]/m.test(libc.readSpecialText(`/proc/${tid}/status`) ?? "");
}

/**
 * This process and those between it and a selected one that it descends from, as `sudo` between ior and the shell that
 * is traced: they are no children to be followed. Empty when it descends from none.
 */
export function ownAncestry(libc: Pick<Libc, "readSpecialText">, selected: readonly number[]): number[] {
  const chain: number[] = [];
  for (let pid = Deno.pid; pid > 0; pid = parentOf(libc, pid)) {
    if (selected.includes(pid)) return chain;
    chain.push(pid);
  }
  return [];
}

/** 0 for a process that has no parent here, or has ended. */
function parentOf(libc: Pick<Libc, "readSpecialText">, pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(libc.readSpecialText(`/proc/${pid}/status`) ?? "")?.[1] ?? 0);
}
