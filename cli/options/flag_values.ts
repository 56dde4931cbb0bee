/** Values of the selection options, checked. */
import type { Expression } from "../../runtime/expression/mod.ts";
import type { Family, Kind } from "../../runtime/syscalls/types.ts";

/** An entry of `--syscall`: the user's text, and the names of the calls it means. */
export interface SyscallEntry {
  text: string;
  names: string[];
  /** True for calls to exclude: the list begins with `!`, as in strace. */
  isExcluded: boolean;
}

/** The calls that the user selected. Empty lists were not given. */
export type CallFlags = Pick<
  SelectionFlags,
  "syscalls" | "families" | "kinds" | "excludedSyscalls" | "excludedFamilies" | "excludedKinds"
>;

/** What the user selected, before families and kinds became calls. Empty lists were not given. */
export interface SelectionFlags {
  pids: number[];
  tids: number[];
  uids: number[];
  gids: number[];
  /** Control groups by path, name or container. */
  cgroups: string[];
  follow: boolean;
  comms: string[];
  paths: string[];
  syscalls: SyscallEntry[];
  families: (Family | "all")[];
  kinds: Kind[];
  excludedComms: string[];
  excludedPaths: string[];
  excludedSyscalls: SyscallEntry[];
  excludedFamilies: (Family | "all")[];
  excludedKinds: Kind[];
  /** Names as rows have them. */
  errnos: string[];
  excludedErrnos: string[];
  /** Conditions that must all hold. */
  where: Expression[];
  failedOnly: boolean;
  /** `null` when not given. */
  slowerNs: number | null;
}
