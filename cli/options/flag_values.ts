/** What the options of the selection say, as checked values. */
import type { Family, Kind } from "../../runtime/syscalls/types.ts";

/** An entry of `--syscall`: the user's text, and the numbers of the calls it names on this machine. */
export interface SyscallEntry {
  text: string;
  numbers: number[];
}

/** What the user selected, before families and kinds became numbers. Empty lists were not given. */
export interface SelectionFlags {
  pids: number[];
  tids: number[];
  uids: number[];
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
  failedOnly: boolean;
  /** `null` when not given. */
  slowerNs: number | null;
}
