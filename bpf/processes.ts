import { IorError } from "../runtime/errors.ts";
import type { Libc } from "./ffi/libc.ts";

/** A process that is watched for its end. */
export interface ProcessWatch extends Disposable {
  readonly pid: number;
  /** True once the process has ended; does not wait. */
  hasEnded(): boolean;
}

/** What {@linkcode watchProcess} asks of libc. */
export type ProcessCalls = Pick<Libc, "pidfdOpen" | "isReadable" | "close" | "readSpecialText">;

/**
 * Watches a process for its end; `ended` is called when it is first seen.
 *
 * @throws {IorError} When there is no such process, or the number is that of a thread.
 */
export function watchProcess(libc: ProcessCalls, pid: number, ended: () => void): ProcessWatch {
  const fd = libc.pidfdOpen(pid);
  if (fd >= 0) {
    let isOver = false;
    return {
      pid,
      hasEnded() {
        if (!isOver && libc.isReadable(fd)) {
          isOver = true;
          ended();
        }
        return isOver;
      },
      [Symbol.dispose]: () => libc.close(fd),
    };
  }
  const leader = /^Tgid:\s*(\d+)$/m.exec(libc.readSpecialText(`/proc/${pid}/status`) ?? "")?.[1];
  if (leader !== undefined && Number(leader) !== pid) {
    throw new IorError("runtime", `Cannot trace process ${pid}: it is a thread of process ${leader}`, {
      reason: "thread_number",
    });
  }
  throw new IorError("runtime", `Cannot trace process ${pid}: there is no such process`, {
    hint: "List processes with: ps -e",
  });
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
