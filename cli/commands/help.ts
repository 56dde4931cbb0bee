/** The help texts, made from the tables of commands and options. */
import { FAMILIES, KINDS } from "../../runtime/syscalls/types.ts";
import * as expression from "../../runtime/expression/mod.ts";
import { FIELDS, MEASURES } from "../assert/types.ts";
import { EXIT_STATUS_HELP, ExitStatus } from "../exit_status.ts";
import { type Option, OPTION_GROUPS } from "../options/option.ts";
import type { Command } from "./command.ts";
import { wrapWords } from "../text/wrap.ts";
import { wordsOf } from "./words.ts";

/** Width of the help, which every terminal has. */
const HELP_COLUMNS = 80;

/** Width of the terms beside their texts. */
const TERM_COLUMNS = 23;

/** Number of examples of each command in the help of ior itself. */
const EXAMPLES_OF_EACH = 2;

const ABOUT_IOR =
  "ior shows which process, which file and which system call a Linux machine's I/O time goes to.";

/** The help of `ior` itself. */
export function rootHelp(commands: readonly Command[]): string {
  return [
    wrap(ABOUT_IOR, 0),
    "",
    "Usage: ior COMMAND [OPTION...] [--] [PROGRAM [ARG...]]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => entry(name, summary)),
    "",
    "Options:",
    entry("-h, --help", "print this text; after a command, the help of that command"),
    entry("-V, --version", "print the version"),
    "",
    "Examples:",
    ...examples(commands.flatMap((command) => command.examples.slice(0, EXAMPLES_OF_EACH))),
    "",
    wrap("Tracing needs root, Linux 5.15 or later with BTF, and libbpf.", 0),
    "",
  ].join("\n");
}

/** What `ior` without arguments prints. */
export function shortUsage(commands: readonly Command[]): string {
  return [
    "Usage: ior COMMAND [OPTION...] [--] [PROGRAM [ARG...]]",
    wrap(`Commands: ${commands.map(({ name }) => name).join(", ")}`, 2),
    "  `ior -h` prints the help",
    "  For instance: ior trace -- ls -l",
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { about, name, operands, options } = command;
  const lines = [`Usage: ior ${name} ${operandsOf(command)}`, ""];
  for (const paragraph of about) lines.push(wrap(paragraph, 0), "");
  for (const group of OPTION_GROUPS) {
    const listed = options.filter((option) => option.group === group && option.summary !== null);
    if (listed.length > 0) lines.push(`${group}:`, ...listed.map(optionEntry), "");
  }
  if (operands.kind !== "choice") {
    if (options.some(({ summary }) => summary === null)) lines.push(...selectionNotes(command));
    if (options.some(({ long }) => long === "--where")) lines.push(...conditionNotes());
    if (options.some(({ long }) => long === "--assert")) lines.push(...assertionNotes());
    lines.push("Exit status:", ...exitStatuses(command), "");
  }
  lines.push("Examples:", ...examples(command.examples), "");
  return lines.join("\n");
}

/** The statuses that a command can end with. */
function exitStatuses({ operands, options }: Command): string[] {
  const runsProgram = operands.kind === "program";
  const judges = options.some(({ group }) => group === "Assertions");
  const isStrict = options.some(({ long }) => long === "--strict");
  return EXIT_STATUS_HELP.filter(([status]) =>
    (runsProgram || status < ExitStatus.BEFORE_COMMAND) && (judges || status !== ExitStatus.ASSERTION) &&
    (isStrict || status !== ExitStatus.LOSS)
  ).map(([status, meaning]) => {
    const text = status === ExitStatus.OK && !runsProgram ? "done" : meaning;
    return `  ${String(status).padStart(3)}  ${text}`;
  });
}

function operandsOf({ operands }: Command): string {
  switch (operands.kind) {
    case "program":
      return `${operands.target ? `${operands.target} ` : ""}[OPTION...] [--] [COMMAND [ARG...]]`;
    case "files":
      return `[OPTION...] ${operands.words.join(" ")}${operands.repeats ? "..." : ""}`;
    case "none":
      return "[OPTION...]";
    case "choice":
      return operands.choices.join("|");
  }
}

function selectionNotes({ options }: Command): string[] {
  const exclusions = options.filter(({ summary }) => summary === null);
  const positives = exclusions.map(({ long }) => long.replace("--no-", "--"));
  const [{ long: example, value }] = exclusions;
  const hasTasks = options.some(({ long }) => long === "--pid");
  const hasPatterns = options.some(({ value }) => value === "PAT");
  return [
    "How the selection works:",
    note(`${positives.join(", ")} have a --no- form that excludes what it names: ${example} ${value}.`),
    note(
      "A LIST is separated by commas, and an option may be repeated: any entry may match. Different options must all match, " +
        (hasTasks
          ? "with two exceptions: --syscall adds calls to those of --family and --kind, and --pid, --tid and COMMAND add up: " +
            "a call is of one of these processes, of one of these threads, or of the command."
          : "but --syscall adds calls to those of --family and --kind."),
    ),
    ...(hasPatterns
      ? [note(
        "PAT matches a name that contains it, ignoring case. ^ and $ anchor it; '^/dir/*' matches what is directly " +
          "in /dir. With *, ? or [ it is a shell glob for the whole name: '*.log', '/etc/*.conf'; ** crosses slashes.",
      )]
      : []),
    note(`Families: ${FAMILIES.join(", ")}, all.`),
    note(`Kinds: ${KINDS.join(", ")}.`),
    "",
  ];
}

function conditionNotes(): string[] {
  const fields = Object.entries(expression.FIELDS);
  const named = (type: string) =>
    fields.filter(([, field]) => field.type === type).map(([name]) => name).join(", ");
  return [
    "How conditions work:",
    note(
      "EXPR of --where is made of comparisons, and, or, not and parentheses; not binds before and, and before or.",
    ),
    note(
      `Texts: ${
        named("text")
      }. They compare with = and !=, of which a LIST means one of and none of, with ~ PAT and with ` +
        "=~ REGEX, which may match anywhere. Quotes and backslashes work as in a shell.",
    ),
    note(
      `Numbers: ${named("number")}; ${
        expression.NUMBER_OPERATORS.join(" ")
      }. latency and gap take ns, us, ms and s, bytes takes k, M and G.`,
    ),
    note(`${named("flag")} stands alone.`),
    note(
      "A comparison with what a call does not have is false, such as its path; not of that is true. Of two paths of a " +
        "rename one must match, and with != neither.",
    ),
    note(
      "Several --where must all hold, and the options above with them. A condition that names calls or families " +
        "selects from all of them.",
    ),
    "",
  ];
}

function assertionNotes(): string[] {
  return [
    "How assertions work:",
    note("EXPR is MEASURE(ARGUMENT, ...) COMPARISON VALUE; without ARGUMENT it covers all calls."),
    note(`Measures: ${Object.keys(MEASURES).join(", ")}.`),
    note(`Comparisons: ${expression.NUMBER_OPERATORS.join(" ")}`),
    note(
      `An ARGUMENT names a call, a family or an error, or is a condition FIELD = TEXT, FIELD != TEXT, FIELD ~ PAT or FIELD =~ REGEX. ` +
        `Fields: ${Object.keys(FIELDS).join(", ")}. PAT is as in the selection: "*.db".`,
    ),
    note("If there is no such call, < and <= hold for times; all other comparisons of times fail."),
    "",
  ];
}

/** An option and its text; the long names stand below each other. */
function optionEntry(option: Option): string {
  return entry((option.short === undefined ? "    " : "") + wordsOf(option), option.summary!);
}

/** A term and its text beside it. */
function entry(term: string, text: string): string {
  const column = TERM_COLUMNS + 4;
  return `  ${term}`.padEnd(column) + wrap(text, column).trimStart();
}

function note(text: string): string {
  return `  - ${wrap(text, 4).trimStart()}`;
}

/** Command lines with their meanings, aligned at one column. */
function examples(rows: Command["examples"]): string[] {
  const column = Math.max(...rows.map(([line]) => line.length)) + 4;
  return rows.map(([line, what]) => `  ${line}`.padEnd(column) + `# ${what}`);
}

/** Text in lines of at most {@linkcode HELP_COLUMNS}, each indented. */
function wrap(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  return wrapWords(text, HELP_COLUMNS - indent, false).map((line) => margin + line).join("\n");
}
