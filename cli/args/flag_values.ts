/** Everything flags can say, as checked values; each flag writes its own field and nothing else. */
import type { TrieField, TrieMetric } from "../../runtime/flame.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import type { Family, Kind } from "../../runtime/syscalls/types.ts";
import type { Assertion } from "../assert/mod.ts";
import type { FailOn } from "../compare/fail_on.ts";
import type { FlameFormat } from "../flame/formats.ts";
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
  /** Long names of the flags that were given, for those that say nothing alone. */
  given: ReadonlySet<string>;
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
  /** Fields of a row to write, `null` when not given. */
  rowColumns: string[] | null;
  /** Rows after which to stop, `null` for no limit. */
  maxRows: number | null;
  /** Recordings to read in place of tracing. */
  from: string[];
  /** Name of the recording to write beside the report, `null` for none. */
  record: string | null;
  /** Name of the flamegraph to write beside the report, `null` for none. */
  flame: string | null;
  fields: TrieField[];
  metric: TrieMetric;
  /** `null` when the name of the output says it. */
  flameFormat: FlameFormat | null;
  split: boolean;
  inverted: boolean;
  diff: boolean;
  /** What a directory of segments is cut by. */
  segmentNs: number;
  segmentRows: number;
  segmentBytes: number;
  /** Newest segments to keep, `null` for all. */
  keep: number | null;
  failOn: FailOn[];
  /** Name of the output file, `null` for standard output. */
  output: string | null;
  color: ColorMode;
  ascii: boolean;
  strict: boolean;
  waitsForCommand: boolean;
  quiet: boolean;
  verbose: boolean;
  help: boolean;
  version: boolean;
}

/** The values of no flags at all. */
export function defaultFlagValues(): FlagValues {
  return {
    given: new Set(),
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
    rowColumns: null,
    maxRows: null,
    from: [],
    record: null,
    flame: null,
    fields: [...DEFAULTS.fields],
    metric: DEFAULTS.metric,
    flameFormat: null,
    split: false,
    inverted: false,
    diff: false,
    segmentNs: DEFAULTS.segmentNs,
    segmentRows: DEFAULTS.segmentRows,
    segmentBytes: DEFAULTS.segmentBytes,
    keep: null,
    failOn: [],
    output: null,
    color: DEFAULTS.color,
    ascii: false,
    strict: false,
    waitsForCommand: true,
    quiet: false,
    verbose: false,
    help: false,
    version: false,
  };
}
