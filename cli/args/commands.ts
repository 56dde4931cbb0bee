/** The commands, as rows: flags, help, and what each makes of the values. */
import type { Selection } from "../../runtime/selection.ts";
import { IorError } from "../../runtime/errors.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import { type Arch, syscallName } from "../../runtime/syscalls/mod.ts";
import { type Assertion, checkTraced, tableNeeded } from "../assert/mod.ts";
import { SCHEMA_NAMES, type SchemaName } from "../schema/mod.ts";
import type { ColorMode, ColumnName, SortKey, StreamFormat } from "./defaults.ts";
import { DEFAULTS } from "./defaults.ts";
import type { FlagValues } from "./flag_values.ts";
import { type Flag, HELP_FLAGS, ROWS_FLAGS, RUN_FLAGS, SELECTION_FLAGS } from "./flags.ts";
import { REPORT_FLAGS } from "./report_flags.ts";

/** What every command that traces is asked to do. */
export interface RunOptions {
  /** What to trace. */
  selection: Selection;
  /** The selection as the user gave it, for reports and row headers. */
  selectionDescription: Record<string, unknown>;
  /** The command to start and trace, `null` for none. */
  command: string[] | null;
  /** Time after which to stop, nanoseconds, `null` for none. */
  durationNs: number | null;
  /** Size of the ring buffer, bytes. */
  ringBytes: number;
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

/** `ior trace`. */
export interface TraceCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "trace";
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
  /** Time of each report, nanoseconds, `null` for one report at the end. */
  intervalNs: number | null;
  /** Reports of `intervalNs` after which to stop, `null` for no limit. */
  count: number | null;
  /** Whether the report says what stands out. */
  advice: boolean;
  /** What must hold of the report. */
  assertions: Assertion[];
}

/** `ior stream`. */
export interface StreamCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "stream";
  /** What a row is written as. */
  format: StreamFormat;
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
  /** Makes the parsed command from checked values. */
  build(values: FlagValues, run: RunOptions, arch: Arch): ParsedCommand;
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
export type CommandSpec = RunCommandSpec | ChoiceCommandSpec;

const RUN_TEXT =
  "With a COMMAND ior starts it, follows its children, ends when it ends and exits with its status. " +
  "Without one it runs until --duration has passed, the last --pid has ended, or Ctrl-C.";

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
    flags: [...SELECTION_FLAGS, ...RUN_FLAGS, ...REPORT_FLAGS],
    examples: [
      ["ior trace -- make", "a whole build, children included"],
      ["ior trace -d 10s", "the whole machine, for ten seconds"],
      ["ior trace -p 1234 --slower 5ms", "what keeps one process waiting"],
      ["ior trace -x -P '^/etc/' -- nginx -t", "files it looks for and does not get"],
      ["ior trace --json -- make | jq .files", "one document, for jq"],
      ["ior trace --by process,file -p 1234", "files of each process"],
      ["ior trace --interval 1s -n 60", "a report each second, for a minute"],
      ["ior trace --assert 'p99<5ms' -- make", "exits with 3 when calls are slow"],
    ],
    build: buildTrace,
  },
  {
    takes: "program",
    name: "stream",
    summary: "print one row per finished call, as it happens",
    about: ["Prints one row per finished system call, in the order in which the calls returned.", RUN_TEXT],
    flags: [...SELECTION_FLAGS, ...RUN_FLAGS, ...ROWS_FLAGS],
    examples: [
      ["ior stream -- ls -l", "every file call of a command"],
      ["ior stream -e openat,unlink -P '.log$'", "who opens or removes log files"],
      ["ior stream -p 1234 --slower 10ms", "slow calls as they happen"],
      ["ior stream -u www-data --kind write", "everything that one user writes"],
      ["ior stream --format ndjson -- ls | jq .path", "rows for other tools"],
    ],
    build: (values, run) => ({ kind: "stream", ...run, format: values.format }),
  },
  {
    takes: "choice",
    name: "schema",
    summary: "print the JSON Schema of an output",
    about: [
      "Prints a JSON Schema (2020-12): `report` describes the document of trace --json, `rows` each line of " +
      "stream --format ndjson. Additions to an output keep its schema's number, so readers ignore what they do not know.",
    ],
    flags: HELP_FLAGS,
    what: "schema",
    choices: SCHEMA_NAMES,
    examples: [
      ["ior schema report", "the document of trace --json"],
      ["ior schema rows", "the lines of stream --format ndjson"],
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
  const { syscalls, unknownSyscalls } = run.selection;
  const traced = syscalls.map((number) => syscallName(arch, number));
  if (!unknownSyscalls) { for (const assertion of values.assertions) checkTraced(assertion, traced); }
  return {
    kind: "trace",
    ...run,
    json: values.json,
    top: topRows(values),
    sort: values.sort,
    by: tablesOf(values),
    columns: values.columns,
    depth: values.depth,
    intervalNs: values.intervalNs,
    count: values.count,
    advice: values.advice,
    assertions: values.assertions,
  };
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
