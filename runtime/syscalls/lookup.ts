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

/** Added to the number of a call of the 32-bit table that no call of ours does the same as; no kernel has calls there. */
export const I386_NR = 0x2000_0000;

/** Maximum numbers of the 32-bit table that have a name of their own. */
const I386_NRS = 65_536;

/**
 * The name of number `nr` on `arch`, or the number as text when the table does not know it: `i386:113` for one of the 32-bit
 * table of x86.
 */
export function syscallName(arch: Arch, nr: number): string {
  const known = byNumber[arch][nr]?.name;
  if (known !== undefined) return known;
  return nr >= I386_NR && nr < I386_NR + I386_NRS ? `i386:${nr - I386_NR}` : String(nr);
}

/** The number on `arch` of a name that {@linkcode syscallName} has given; `null` when it is none. */
export function numberOfName(arch: Arch, name: string): number | null {
  const call = byName.get(name);
  const known = call === undefined ? null : syscallNumber(arch, call);
  if (known !== null) return known;
  const [, table, digits] = /^(i386:)?(-?\d{1,10})$/.exec(name) ?? [];
  if (digits === undefined) return null;
  const number = Number(digits) + (table === undefined ? 0 : I386_NR);
  return (number | 0) === number ? number : null;
}

/** The family of calls that the table does not know. */
export const UNKNOWN_FAMILY: Family = "Misc";

/** The family of the call with this name; {@linkcode UNKNOWN_FAMILY} when the table does not know it. */
export function familyOfName(name: string): Family {
  return byName.get(name)?.family ?? UNKNOWN_FAMILY;
}

/** The family of number `nr` on `arch`; {@linkcode UNKNOWN_FAMILY} when the table does not know it. */
export function familyOf(arch: Arch, nr: number): Family {
  return byNumber[arch][nr]?.family ?? UNKNOWN_FAMILY;
}
