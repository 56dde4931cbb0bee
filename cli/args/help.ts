/** The help texts, made from the tables of commands and flags. */
import { FAMILIES, KINDS } from "../../runtime/syscalls/types.ts";
import { EXIT_STATUS_HELP, ExitStatus } from "../exit_status.ts";
import { NUMBER_OPERATORS } from "../../runtime/expression/mod.ts";
import { FIELDS, MEASURES } from "../assert/types.ts";
import { COMMANDS, type CommandSpec } from "./commands.ts";
import { type Flag, FLAG_GROUPS } from "./flags.ts";

/** Columns of the help: what every terminal shows. */
const HELP_COLUMNS = 80;

/** Column at which the text beside a flag begins. */
const TEXT_COLUMN = 26;

/** Examples that the help of ior itself takes from each command's. */
const EXAMPLES_OF_EACH = 2;

const ABOUT_IOR =
  "ior shows which process, which file and which system call a Linux machine's I/O time goes to.";

/** The help of `ior` itself. */
export function rootHelp(): string {
  return [
    ...wrap(ABOUT_IOR, 0),
    "",
    "Usage: ior COMMAND [FLAG...] [--] [PROGRAM [ARG...]]",
    "",
    "Commands:",
    ...COMMANDS.map((command) => entry(command.name, command.summary)).flat(),
    "",
    "Flags:",
    ...entry("-h, --help", "print this text; after a command, all about that command"),
    ...entry("    --version", "print the version"),
    "",
    "Examples:",
    ...examples(COMMANDS.flatMap((command) => command.examples.slice(0, EXAMPLES_OF_EACH))),
    "",
    ...wrap("Tracing needs root, Linux 5.15 or later with BTF, and libbpf.", 0),
    "",
  ].join("\n");
}

/** What `ior` without arguments says. */
export function shortUsage(): string {
  const names = COMMANDS.map((command) => command.name);
  return [
    "Usage: ior COMMAND [FLAG...] [--] [PROGRAM [ARG...]]",
    `  Commands: ${names.join(", ")}`,
    "  `ior -h` says more",
    "  For instance: ior trace -- ls -l",
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: CommandSpec): string {
  const operands = operandsOf(command);
  const lines = [`Usage: ior ${command.name} ${operands}`, ""];
  for (const paragraph of command.about) lines.push(...wrap(paragraph, 0), "");
  for (const group of FLAG_GROUPS) {
    const flags = command.flags.filter((flag) => flag.group === group && flag.summary !== null);
    if (flags.length === 0) continue;
    lines.push(`${group}:`);
    for (const flag of flags) lines.push(...entry(flagWords(flag), flag.summary!));
    lines.push("");
  }
  if (command.takes !== "choice") {
    if (command.flags.some((flag) => flag.summary === null)) lines.push(...selectionNotes(command));
    if (command.flags.some((flag) => flag.long === "--assert")) lines.push(...assertionNotes());
    lines.push("Exit status:");
    lines.push(...exitStatuses(command), "");
  }
  lines.push("Examples:", ...examples(command.examples), "");
  return lines.join("\n");
}

/** The statuses that a command can end with. */
function exitStatuses(command: CommandSpec): string[] {
  const runsProgram = command.takes === "program";
  const judges = command.flags.some(({ group }) => group === "Assertions");
  return EXIT_STATUS_HELP.filter(([status]) =>
    (runsProgram || status < ExitStatus.BEFORE_COMMAND) && (judges || status !== ExitStatus.ASSERTION)
  ).map(([status, meaning]) => {
    const text = status === ExitStatus.OK && !runsProgram ? "done" : meaning;
    return `  ${String(status).padStart(3)}  ${text}`;
  });
}

function operandsOf(command: CommandSpec): string {
  switch (command.takes) {
    case "program": {
      const target = command.target ? `${command.target.word} ` : "";
      return `${target}[FLAG...] [--] [COMMAND [ARG...]]`;
    }
    case "files":
      return `[FLAG...] ${command.words}`;
    case "choice":
      return command.choices.join("|");
  }
}

function selectionNotes(command: CommandSpec): string[] {
  const exclusions = command.flags.filter((flag) => flag.summary === null).map((flag) => flag.long);
  const positives = exclusions.map((long) => long.replace("--no-", "--"));
  return [
    "How the selection works:",
    ...note(
      `${positives.join(", ")} have a --no- form that leaves out what it names: ${exclusions[0]} PAT.`,
    ),
    ...note(
      "A LIST has commas, and a flag may be given again: any entry may match. Different flags must all match, with two " +
        "exceptions: --syscall adds calls to those of --family and --kind, and --pid, --tid and COMMAND add up: a call " +
        "is of one of these processes, of one of these threads, or of the command.",
    ),
    ...note(
      "PAT is text that is contained, upper and lower case alike. ^ and $ anchor it; '^/dir/*' is what lies directly " +
        "in /dir. With *, ? or [ it is a shell glob for the whole name: '*.log', '/etc/*.conf'; ** crosses slashes.",
    ),
    ...note(`Families: ${FAMILIES.join(", ")}, all.`),
    ...note(`Kinds: ${KINDS.join(", ")}.`),
    "",
  ];
}

function assertionNotes(): string[] {
  return [
    "How assertions work:",
    ...note("EXPR is MEASURE(ARGUMENT, ...) COMPARISON VALUE; without ARGUMENT it is about all calls."),
    ...note(`Measures: ${Object.keys(MEASURES).join(", ")}.`),
    ...note(`Comparisons: ${NUMBER_OPERATORS.join(" ")}`),
    ...note(
      `An ARGUMENT names a call, a family or an error, or is a condition FIELD = TEXT, FIELD != TEXT, FIELD ~ PAT or FIELD =~ REGEX. ` +
        `Fields: ${Object.keys(FIELDS).join(", ")}. PAT is as in the selection: "*.db".`,
    ),
    ...note("Without any such call < and <= hold for times, and nothing else does."),
    "",
  ];
}

function flagWords(flag: Flag): string {
  const value = flag.value === undefined ? "" : ` ${flag.value}`;
  return `${flag.short === undefined ? "    " : `${flag.short}, `}${flag.long}${value}`;
}

/** A term and its text beside it. */
function entry(term: string, text: string): string[] {
  const lines = wrap(text, TEXT_COLUMN);
  return [`  ${term}`.padEnd(TEXT_COLUMN) + lines[0].trimStart(), ...lines.slice(1)];
}

function note(text: string): string[] {
  const lines = wrap(text, 4);
  return [`  - ${lines[0].trimStart()}`, ...lines.slice(1)];
}

/** Command lines with their meaning beside them, all at one column. */
function examples(rows: CommandSpec["examples"]): string[] {
  const column = Math.max(...rows.map(([line]) => line.length)) + 4;
  return rows.map(([line, what]) => `  ${line}`.padEnd(column) + `# ${what}`);
}

/** Text in lines of at most {@linkcode HELP_COLUMNS}, each indented. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > HELP_COLUMNS) {
      lines.push(" ".repeat(indent) + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(" ".repeat(indent) + line);
  return lines;
}
