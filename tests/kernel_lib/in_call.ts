import { machineArch } from "../../bpf/mod.ts";
import { syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";
import { waitFor } from "../wait.ts";

/** Number of a system call on this machine. */
export function numberOf(name: string): number {
  return syscallNumber(machineArch(), syscallByName(name)!)!;
}

/** Whether a process sleeps inside a call, of this first argument when one is given: a field of `man 5 proc_pid_syscall`. */
export function isInCall(pid: number, name: string, first?: number): boolean {
  const start = `${numberOf(name)} ${first === undefined ? "" : `0x${first.toString(16)} `}`;
  return Deno.readTextFileSync(`/proc/${pid}/syscall`).startsWith(start);
}

/** Waits until a process sleeps inside a call, as {@linkcode isInCall}. */
export function untilInCall(pid: number, name: string, first?: number): Promise<boolean> {
  return waitFor(() => isInCall(pid, name, first), {
    timeoutMs: 20_000,
    what: `process ${pid} to wait in ${name}`,
  });
}
