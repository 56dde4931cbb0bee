/** Everything flags can say, as checked values; each flag writes its own field and nothing else. */
import type { GroupKey } from "../../runtime/stats.ts";
import type { Family, Kind } from "../../runtime/syscalls/types.ts";
import type { Assertion } from "../assert/mod.ts";
import { type ColorMode, type ColumnName, DEFAULTS, type SortKey, type StreamFormat } from "./defaults.ts";

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

/** All flags of all commands; a command reads those that it offers. */
export interface FlagValues extends SelectionFlags {
  durationNs: number | null;
  ringBytes: number;
  /** Rows of each table, 0 for all, `null` when not given. */
  top: number | null;
  sort: SortKey;
  /** Tables of `--by`, each with its keys from the outermost in. */
  by: GroupKey[][];
  /** `null` when not given. */
  columns: ColumnName[] | null;
  depth: number | null;
  intervalNs: number | null;
  count: number | null;
  advice: boolean;
  assertions: Assertion[];
  json: boolean;
  format: StreamFormat;
  /** Name of the output file, `null` for standard output. */
  output: string | null;
  color: ColorMode;
  ascii: boolean;
  strict: boolean;
  quiet: boolean;
  verbose: boolean;
  help: boolean;
  version: boolean;
}

/** The values of no flags at all. */
export function defaultFlagValues(): FlagValues {
  return {
    pids: [],
    tids: [],
    uids: [],
    follow: true,
    comms: [],
    paths: [],
    syscalls: [],
    families: [],
    kinds: [],
    excludedComms: [],
    excludedPaths: [],
    excludedSyscalls: [],
    excludedFamilies: [],
    excludedKinds: [],
    failedOnly: false,
    slowerNs: null,
    durationNs: null,
    ringBytes: DEFAULTS.ringBytes,
    top: null,
    sort: DEFAULTS.sort,
    by: [],
    columns: null,
    depth: null,
    intervalNs: null,
    count: null,
    advice: true,
    assertions: [],
    json: false,
    format: DEFAULTS.format,
    output: null,
    color: DEFAULTS.color,
    ascii: false,
    strict: false,
    quiet: false,
    verbose: false,
    help: false,
    version: false,
  };
}
