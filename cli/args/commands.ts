/** The commands, as rows: flags, help, and what each makes of the values. */
import type { TrieField, TrieMetric } from "../../runtime/flame.ts";
import type { Selection } from "../../runtime/selection.ts";
import { IorError } from "../../runtime/errors.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import { type Arch, syscallName } from "../../runtime/syscalls/mod.ts";
import { type Assertion, checkTraced, tableNeeded } from "../assert/mod.ts";
import type { FailOn } from "../compare/fail_on.ts";
import { type FlameFormat, flameFormat, formatOfName } from "../flame/formats.ts";
import { SCHEMA_NAMES, type SchemaName } from "../schema/mod.ts";
import type { ColorMode, ColumnName, SortKey, StreamFormat } from "./defaults.ts";
import { DEFAULTS } from "./defaults.ts";
import type { FlagValues } from "./flag_values.ts";
import { FAIL_ON_FLAG, FLAME_BESIDE_FLAGS, FLAME_FLAGS, SHAPE_FLAGS } from "./flame_flags.ts";
import {
  type Flag,
  HELP_FLAGS,
  LIVE_FLAGS,
  LOOK_FLAGS,
  OUTPUT_FLAG,
  REPLAY_FLAGS,
  RUN_FLAGS,
  SELECTION_FLAGS,
} from "./flags.ts";
import { INTERVAL_FLAGS, JSON_FLAG, REPORT_FLAGS, TOP_FLAG } from "./report_flags.ts";
import { givenOf, refuseAlone, refuseLive, refuseSameFile, refuseSameStandardInput } from "./refusals.ts";
import { RECORD_FLAG, ROWS_FLAGS, SEGMENT_FLAGS } from "./row_flags.ts";

/** How every command prints. */
export interface LookOptions {
  /** Name of the output file, `null` for standard output. */
  output: string | null;
  /** When to colour text. */
  color: ColorMode;
  /** Only ASCII in text, whatever the locale has. */
  ascii: boolean;
  /** Any loss is a failure. */
  strict: boolean;
  /** Neither progress nor warnings. */
  quiet: boolean;
  /** Details, also of errors. */
  verbose: boolean;
}

/** What every command that traces, or reads what was traced, is asked to do. */
export interface RunOptions extends LookOptions {
  /** What to trace, or to take from a recording. */
  selection: Selection;
  /** The selection as the user gave it, for reports and row headers. */
  selectionDescription: Record<string, unknown>;
  /** The command to start and trace, `null` for none. */
  command: string[] | null;
  /** Time after which to stop, nanoseconds, `null` for none. */
  durationNs: number | null;
  /** Size of the ring buffer, bytes. */
  ringBytes: number;
}

/** What a report shows, and how. */
export interface ReportOptions {
  /** One JSON document in place of text. */
  json: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Order of every table. */
  sort: SortKey;
  /** Tables of groups to count: those of `--by`, then those that an assertion is answered from; each once. */
  by: GroupKey[][];
  /** Columns to show, `null` for those that fit. */
  columns: ColumnName[] | null;
  /** Levels of the tree of directories, `null` for the usual. */
  depth: number | null;
  /** Whether the report says what stands out. */
  advice: boolean;
  /** What must hold of the report. */
  assertions: Assertion[];
}

/** What a flamegraph is made of. */
export interface FlameShape {
  /** Frames from the root outwards. */
  fields: TrieField[];
  /** What a width counts. */
  metric: TrieMetric;
}

/** A flamegraph to write beside something else. */
export interface FlameBeside extends FlameShape {
  /** Name of the file. */
  path: string;
}

/** Where a recording goes, and how a directory of them is cut. */
export interface RecordTarget {
  /** A file, or a directory: one that exists, or a name that ends in a slash. */
  path: string;
  /** Length of a segment, nanoseconds. */
  segmentNs: number;
  /** Rows of a segment. */
  segmentRows: number;
  /** Size of a segment, bytes. */
  segmentBytes: number;
  /** Newest segments to keep, `null` for all. */
  keep: number | null;
  /** A flag that was given and is about segments, which a file has none of; `null` for none. */
  segmentFlag: string | null;
}

/** `ior trace`. */
export interface TraceCommand extends RunOptions, ReportOptions {
  /** Tells the commands apart. */
  kind: "trace";
  /** Time of each report, nanoseconds, `null` for one report at the end. */
  intervalNs: number | null;
  /** Reports of `intervalNs` after which to stop, `null` for no limit. */
  count: number | null;
  /** Recording to write in the same run. */
  record: RecordTarget | null;
  /** Flamegraph to write in the same run. */
  flame: FlameBeside | null;
}

/** `ior stream`. */
export interface StreamCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "stream";
  /** What a row is written as. */
  format: StreamFormat;
  /** Fields to write, `null` for the usual ones. */
  columns: string[] | null;
  /** Rows after which to stop, `null` for no limit. */
  maxRows: number | null;
  /** Recordings to read; none to trace. */
  from: string[];
}

/** `ior record`. */
export interface RecordCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "record";
  /** Where to. */
  record: RecordTarget;
}

/** `ior flame`. */
export interface FlameCommand extends RunOptions, FlameShape {
  /** Tells the commands apart. */
  kind: "flame";
  /** Recordings or flamegraphs to read; none to trace. */
  from: string[];
  /** Recordings or flamegraphs to compare, `null` for none. */
  diff: [before: string, after: string] | null;
  /** Form to write; text unless the name of the output or `--format` says otherwise. */
  format: FlameFormat;
  /** A file for each metric. */
  split: boolean;
  /** The root at the top. */
  inverted: boolean;
  /** A flag that was given and needs calls, which a flamegraph that is drawn has no more; `null` for none. */
  callFlag: string | null;
}

/** `ior report`. */
export interface ReportCommand extends RunOptions, ReportOptions {
  /** Tells the commands apart. */
  kind: "report";
  /** Recordings to read. */
  from: string[];
}

/** `ior diff`. */
export interface DiffCommand extends LookOptions {
  /** Tells the commands apart. */
  kind: "diff";
  /** Recordings or JSON reports. */
  before: string;
  /** As `before`. */
  after: string;
  /** One JSON document in place of text. */
  json: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Changes that end ior with status 3. */
  failOn: FailOn[];
}

/** `ior schema`. */
export interface SchemaCommand {
  /** Tells the commands apart. */
  kind: "schema";
  /** Which schema to print. */
  name: SchemaName;
}

/** What a command line asks for. */
export type ParsedCommand =
  | TraceCommand
  | StreamCommand
  | RecordCommand
  | FlameCommand
  | ReportCommand
  | DiffCommand
  | SchemaCommand
  /** Text that was asked for: standard output, status 0. */
  | { kind: "help"; text: string }
  | { kind: "version"; text: string }
  /** No command at all: a short text for standard error, status 2. */
  | { kind: "usage"; text: string };

/** What every command has. */
interface CommandBase {
  /** The word that selects it. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What it does, for its own help; paragraphs. */
  about: readonly string[];
  /** The flags it takes. */
  flags: readonly Flag[];
  /** Command lines and what they show. */
  examples: readonly (readonly [line: string, what: string])[];
}

/** A command that traces: a program to run may follow its flags. */
export interface RunCommandSpec extends CommandBase {
  /** Tells the two apart. */
  takes: "program";
  /** Word before the program, for the help: the file it writes. */
  target?: { word: string; example: string };
  /** A flag with which it reads two files and runs no program. */
  comparesWith?: string;
  /** Makes the parsed command from checked values; `files` are what it writes or reads. */
  build(values: FlagValues, run: RunOptions, arch: Arch, files: string[]): ParsedCommand;
}

/** A command that reads files; flags may stand between them. */
export interface FilesCommandSpec extends CommandBase {
  /** Tells the two apart. */
  takes: "files";
  /** The files, for the help. */
  words: string;
  /** How many. */
  min: number;
  /** `null` for no limit. */
  max: number | null;
  /** Makes the parsed command from checked values. */
  build(values: FlagValues, run: RunOptions, arch: Arch, files: string[]): ParsedCommand;
}

/** A command that takes one word of a few. */
export interface ChoiceCommandSpec extends CommandBase {
  /** Tells the two apart. */
  takes: "choice";
  /** What the word is, for error texts. */
  what: string;
  /** The words. */
  choices: readonly string[];
  /** Makes the parsed command from one of the words. */
  build(choice: string): ParsedCommand;
}

/** One command. */
export type CommandSpec = RunCommandSpec | FilesCommandSpec | ChoiceCommandSpec;

const RUN_TEXT =
  "With a COMMAND ior starts it, follows its children, ends when it ends and exits with its status. " +
  "Without one it runs until --duration has passed, the last --pid has ended, or Ctrl-C.";

/** Flags that only calls can answer. */
const CALL_FLAGS: readonly Flag[] = [
  ...SELECTION_FLAGS,
  ...SHAPE_FLAGS.filter(({ long }) => long === "--fields"),
];

/** All commands, in the order the help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    takes: "program",
    name: "trace",
    summary: "trace, then print one report",
    about: [
      "Traces system calls and reports where the I/O time went: by call, file, process, family and error, with the " +
      "calls that were lost, if any, and the cost of tracing itself.",
      RUN_TEXT,
    ],
    flags: [
      ...SELECTION_FLAGS,
      ...RUN_FLAGS,
      ...REPORT_FLAGS,
      ...INTERVAL_FLAGS,
      RECORD_FLAG,
      ...SEGMENT_FLAGS,
      ...FLAME_BESIDE_FLAGS,
    ],
    examples: [
      ["ior trace -- make", "a whole build, children included"],
      ["ior trace -d 10s", "the whole machine, for ten seconds"],
      ["ior trace -p 1234 --slower 5ms", "what keeps one process waiting"],
      ["ior trace -x -P '^/etc/' -- nginx -t", "files it looks for and does not get"],
      ["ior trace --json -- make | jq .files", "one document, for jq"],
      ["ior trace --by process,file -p 1234", "files of each process"],
      ["ior trace --interval 1s -n 60", "a report each second, for a minute"],
      ["ior trace --assert 'p99<5ms' -- make", "exits with 3 when calls are slow"],
      ["ior trace --flame make.html -- make", "a report and a flamegraph of one run"],
    ],
    build: buildTrace,
  },
  {
    takes: "program",
    name: "stream",
    summary: "print one row per finished call, as it happens",
    about: [
      "Prints one row per finished system call, in the order in which the calls returned: of this machine, or with --from " +
      "of recordings.",
      RUN_TEXT,
    ],
    flags: [...SELECTION_FLAGS, ...RUN_FLAGS, ...ROWS_FLAGS],
    examples: [
      ["ior stream -- ls -l", "every file call of a command"],
      ["ior stream -e openat,unlink -P '.log$'", "who opens or removes log files"],
      ["ior stream -p 1234 --slower 10ms", "slow calls as they happen"],
      ["ior stream -u www-data --kind write", "everything that one user writes"],
      ["ior stream --format ndjson -- ls | jq .path", "rows for other tools"],
      ["ior stream --from run.parquet -x", "what failed in a recording"],
    ],
    build: buildStream,
  },
  {
    takes: "program",
    target: { word: "FILE", example: "run.parquet" },
    name: "record",
    summary: "write one row per finished call to Parquet",
    about: [
      "Writes one row per finished system call to the Parquet file FILE, which appears when it is complete. A FILE that is a " +
      "directory, or ends in a slash, gets segments, each complete in itself, under host=.../date=...: whatever " +
      "happens, all but the last of them is there.",
      RUN_TEXT,
    ],
    flags: [...SELECTION_FLAGS, ...LIVE_FLAGS, ...LOOK_FLAGS, ...SEGMENT_FLAGS],
    examples: [
      ["ior record run.parquet -- make", "every file call of a build"],
      ["ior record rec/ --keep 1000", "the machine, the newest segments"],
      ["ior record run.parquet -p 1234 -d 1m", "a process, for a minute"],
    ],
    build: buildRecord,
  },
  {
    takes: "program",
    name: "flame",
    comparesWith: "--diff",
    summary: "draw a flamegraph",
    about: [
      "Draws where time or bytes went as a flamegraph: of this machine, or with --from of recordings, and of what an " +
      "earlier `ior flame` wrote as .html or .folded. The extension of --output says the form; without it the graph is " +
      "text.",
      RUN_TEXT,
    ],
    flags: [...SELECTION_FLAGS, ...RUN_FLAGS, ...FLAME_FLAGS],
    examples: [
      ["ior flame -o make.html -- make", "a page to look around in"],
      ["ior flame --from run.parquet -o a.svg", "a picture of a recording"],
      ["ior flame --metric bytes -d 10s", "what moves bytes on the machine"],
      ["ior flame --diff a.html b.html -o c.html", "what grew and what shrank"],
    ],
    build: buildFlame,
  },
  {
    takes: "files",
    words: "FILE...",
    min: 1,
    max: null,
    name: "report",
    summary: "print the report of recordings",
    about: [
      "Prints the report that `ior trace` prints, of one or more recordings: Parquet or NDJSON files, directories, or " +
      "patterns. What was not recorded is not there; a selection narrows it further.",
    ],
    flags: [...REPLAY_FLAGS, OUTPUT_FLAG, ...LOOK_FLAGS, ...REPORT_FLAGS],
    examples: [
      ["ior report run.parquet", "the report of the run"],
      ["ior report --json rec/", "all segments, for jq"],
      ["ior report -x --by process,errno run.parquet", "what failed, and whose"],
    ],
    build: buildReport,
  },
  {
    takes: "files",
    words: "BEFORE AFTER",
    min: 2,
    max: 2,
    name: "diff",
    summary: "compare two recordings or reports",
    about: [
      "Compares two recordings, or two documents of trace --json, by call, file, directory and process: what changed, by how " +
      "much, and whether that is more than chance.",
    ],
    flags: [JSON_FLAG, TOP_FLAG, FAIL_ON_FLAG, OUTPUT_FLAG, ...LOOK_FLAGS],
    examples: [
      ["ior diff before.parquet after.parquet", "two runs"],
      ["ior diff before.json after.json", "two documents of trace --json"],
      ["ior diff --fail-on 'p99 > 1.2x' a.json b.json", "exits with 3 when slower"],
    ],
    build: buildDiff,
  },
  {
    takes: "choice",
    name: "schema",
    summary: "print the JSON Schema of an output",
    about: [
      "Prints a JSON Schema (2020-12): `report` describes the document of trace --json, `rows` each line of " +
      "stream --format ndjson, `diff` the document of diff --json. Additions to an output keep its schema's number, so readers ignore what they do not know.",
    ],
    flags: HELP_FLAGS,
    what: "schema",
    choices: SCHEMA_NAMES,
    examples: [
      ["ior schema report", "the document of trace --json"],
      ["ior schema rows", "the lines of stream --format ndjson"],
      ["ior schema diff", "the document of diff --json"],
    ],
    build: (choice) => ({ kind: "schema", name: choice as SchemaName }),
  },
];

function buildTrace(values: FlagValues, run: RunOptions, arch: Arch): TraceCommand {
  if (values.count !== null && values.intervalNs === null) {
    throw new IorError("usage", "Cannot use --count alone: it counts the reports of --interval", {
      hint: `For instance --interval 1s --count ${values.count}`,
    });
  }
  const { record, flame, fields, metric } = values;
  if (record === null) refuseAlone(values, SEGMENT_FLAGS, "--record rec/");
  if (flame === null) refuseAlone(values, SHAPE_FLAGS, "--flame make.html");
  refuseSameFile([["--output", values.output], ["--record", record], ["--flame", flame]]);
  return {
    kind: "trace",
    ...run,
    ...reportOptions(values, run.selection, arch),
    intervalNs: values.intervalNs,
    count: values.count,
    record: record === null ? null : recordTarget(values, record),
    flame: flame === null ? null : { path: flame, fields, metric },
  };
}

function buildReport(values: FlagValues, run: RunOptions, arch: Arch, from: string[]): ReportCommand {
  return { kind: "report", ...run, ...reportOptions(values, run.selection, arch), from };
}

function reportOptions(values: FlagValues, selection: Selection, arch: Arch): ReportOptions {
  const traced = selection.syscalls.map((number) => syscallName(arch, number));
  if (!selection.unknownSyscalls) {
    for (const assertion of values.assertions) checkTraced(assertion, traced);
  }
  const { json, sort, columns, depth, advice, assertions } = values;
  return { json, top: topRows(values), sort, by: tablesOf(values), columns, depth, advice, assertions };
}

function buildStream(values: FlagValues, run: RunOptions): StreamCommand {
  if (values.from.length > 0) refuseLive(values, run, "--from");
  if (values.rowColumns !== null && (values.format === "strace" || values.format === "chrome")) {
    throw new IorError(
      "usage",
      `Cannot use --columns with --format ${values.format}: it has a form of its own`,
      {
        hint: "Leave --columns out, or choose another --format",
      },
    );
  }
  const { format, rowColumns: columns, maxRows, from } = values;
  return { kind: "stream", ...run, format, columns, maxRows, from };
}

function buildRecord(values: FlagValues, run: RunOptions, _arch: Arch, [target]: string[]): RecordCommand {
  return { kind: "record", ...run, record: recordTarget(values, target) };
}

function recordTarget(values: FlagValues, path: string): RecordTarget {
  const { segmentNs, segmentRows, segmentBytes, keep } = values;
  return { path, segmentNs, segmentRows, segmentBytes, keep, segmentFlag: givenOf(values, SEGMENT_FLAGS) };
}

function buildFlame(values: FlagValues, run: RunOptions, _arch: Arch, files: string[]): FlameCommand {
  const { fields, metric, from, split, inverted, output } = values;
  const callFlag = givenOf(values, CALL_FLAGS);
  if (values.diff && (files.length !== 2 || from.length > 0)) {
    throw new IorError("usage", "Cannot compare: --diff needs two files, the earlier one first", {
      hint: "For instance ior flame --diff before.parquet after.parquet -o diff.svg",
    });
  }
  if (values.diff) refuseSameStandardInput(files);
  const diff: FlameCommand["diff"] = values.diff ? [files[0], files[1]] : null;
  if (diff || from.length > 0) refuseLive(values, run, diff ? "--diff" : "--from");
  const format = values.flameFormat ?? (output === null ? "text" : formatOfName(output));
  if (diff && !flameFormat(format).diff) {
    throw new IorError(
      "usage",
      `Cannot write a comparison as ${format}: that form has no place for two numbers`,
      {
        hint: "Choose html, svg, folded or text",
      },
    );
  }
  if (split && output === null) {
    throw new IorError("usage", "Cannot use --split without --output: it writes several files", {
      hint: "For instance -o out.svg gives out.count.svg, out.duration.svg and so on",
    });
  }
  return { kind: "flame", ...run, fields, metric, from, diff, format, split, inverted, callFlag };
}

function buildDiff(values: FlagValues, run: RunOptions, _arch: Arch, files: string[]): DiffCommand {
  const { output, color, ascii, strict, quiet, verbose } = run;
  const [before, after] = files;
  refuseSameStandardInput(files);
  const look = { output, color, ascii, strict, quiet, verbose };
  const { json, failOn } = values;
  return { kind: "diff", ...look, before, after, json, top: topRows(values), failOn };
}

/** The tables of `--by`, and those that the assertions are answered from. */
function tablesOf({ by, assertions }: FlagValues): GroupKey[][] {
  const tables = [...by];
  for (const assertion of assertions) {
    const needed = tableNeeded(assertion);
    // A table has the same groups in any order of its keys.
    const isNeeded = (keys: GroupKey[]) => keys.toSorted().join() === needed?.toSorted().join();
    if (needed !== null && !tables.some(isNeeded)) tables.push(needed);
  }
  return tables;
}

/** A text report is cut to what a reader takes in; a document for programs only when asked. */
function topRows(values: FlagValues): number | null {
  if (values.top !== null) return values.top === 0 ? null : values.top;
  return values.json ? null : DEFAULTS.topRows;
}
