/**
 * The system calls ior knows: numbers, names, families, and what their arguments and return values mean.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { familyOf, syscallByName, syscallName } from "./mod.ts";
 *
 * assert.equal(syscallByName("newfstat")?.name, "fstat");
 * assert.equal(syscallName("aarch64", 63), "read");
 * assert.equal(familyOf("x86_64", 41), "Network");
 * ```
 *
 * @module
 */

export {
  familyOf,
  familyOfName,
  numberOfName,
  syscallByName,
  syscallByNumber,
  syscallName,
  syscallNumber,
  UNKNOWN_FAMILY,
} from "./lookup.ts";
export { SYSCALLS } from "./table.ts";
export { FAMILIES, KINDS } from "./types.ts";
export type { Arch, ArgRole, ByteClass, Family, Kind, ReturnRole, Syscall } from "./types.ts";
