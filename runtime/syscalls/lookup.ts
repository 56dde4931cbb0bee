import { SYSCALLS } from "./table.ts";
import type { Arch, Family, Syscall } from "./types.ts";

/** Number → call; a hole where the architecture has no such number. */
const byNumber: Record<Arch, (Syscall | undefined)[]> = { x86_64: [], aarch64: [] };
const byName = new Map<string, Syscall>();

for (const call of SYSCALLS) {
  if (call.x86_64 !== null) byNumber.x86_64[call.x86_64] = call;
  if (call.arm64 !== null) byNumber.aarch64[call.arm64] = call;
  for (const name of [call.name, ...call.aliases]) byName.set(name, call);
}

/** The number of `call` on `arch`, or `null` when that architecture has no such call. */
export function syscallNumber(arch: Arch, call: Syscall): number | null {
  return arch === "x86_64" ? call.x86_64 : call.arm64;
}

/** The call with number `nr` on `arch`, `undefined` when the table does not know it. */
export function syscallByNumber(arch: Arch, nr: number): Syscall | undefined {
  return byNumber[arch][nr];
}

/** The call with this name or alias (`fstat`, `newfstat`), `undefined` for none. Case matters. */
export function syscallByName(name: string): Syscall | undefined {
  return byName.get(name);
}

/** The name of number `nr` on `arch`, or the number as text when the table does not know it. */
export function syscallName(arch: Arch, nr: number): string {
  return byNumber[arch][nr]?.name ?? String(nr);
}

/** The family of the call with this name; `Misc` when the table does not know it. */
export function familyOfName(name: string): Family {
  return byName.get(name)?.family ?? "Misc";
}

/** The family of number `nr` on `arch`; `Misc` when the table does not know it. */
export function familyOf(arch: Arch, nr: number): Family {
  return byNumber[arch][nr]?.family ?? "Misc";
}
