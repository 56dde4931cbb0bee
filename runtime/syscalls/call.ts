import type { ArgRole, ByteClass, Family, Kind, ReturnRole, Syscall } from "./types.ts";

/** Properties that few calls have; the others take the defaults. */
export interface CallExtras {
  /** Default: `value`. */
  returns?: ReturnRole;
  /** Default: the call moves no bytes. */
  bytes?: ByteClass;
  /** Other spellings; default none. */
  aliases?: readonly string[];
}

/** Kinds of a call, separated by a space: none, one, or two. */
export type KindList = "" | Kind | `${Kind} ${Kind}`;

/** Makes one row of the table: number on x86-64, number on arm64 (`null` for none), name, kinds, arguments, extras. */
export type CallMaker = (
  x86_64: number | null,
  arm64: number | null,
  name: string,
  kinds: KindList,
  args?: readonly ArgRole[],
  extras?: CallExtras,
) => Syscall;

/** Returns the maker of rows for the calls of one family. */
export function callsOf(family: Family): CallMaker {
  return (x86_64, arm64, name, kinds, args = [], extras = {}) => ({
    name,
    aliases: extras.aliases ?? [],
    x86_64,
    arm64,
    family,
    kinds: kinds === "" ? [] : kinds.split(" ") as Kind[],
    args,
    returns: extras.returns ?? "value",
    bytes: extras.bytes ?? null,
  });
}
