/** What a help page and a manual page say of a command beside its options, as paragraphs without layout. */
import { FAMILIES, KINDS } from "../../runtime/syscalls/types.ts";
import * as expression from "../../runtime/expression/mod.ts";
import { FIELDS, MEASURES } from "../assert/types.ts";
import { EXIT_STATUS_HELP, ExitStatus } from "../exit_status.ts";
import type { Command } from "./command.ts";

/** More choices than these are not spelled out where a line has to do. */
const CHOICES_SHOWN = 8;

/** Notes under a heading. */
export interface Notes {
  title: string;
  notes: readonly string[];
}

/** The notes on what the options of a command take. */
export function notesOf(command: Command): Notes[] {
  const { options, operands } = command;
  if (operands.kind === "choice") return [];
  return [
    ...(options.some(({ summary }) => summary === null) ? [selectionNotes(command)] : []),
    ...(options.some(({ long }) => long === "--where") ? [conditionNotes()] : []),
    ...(options.some(({ long }) => long === "--assert") ? [assertionNotes()] : []),
  ];
}

/** What follows the name of a command. */
export function usageOf({ operands }: Command): string {
  switch (operands.kind) {
    case "program":
      return `${operands.target ? `${operands.target} ` : ""}[OPTION...] [--] [COMMAND [ARG...]]`;
    case "files":
      return `[OPTION...] ${operands.words.join(" ")}${operands.repeats ? "..." : ""}`;
    case "none":
      return "[OPTION...]";
    case "choice":
      return operands.choices.length > CHOICES_SHOWN
        ? operands.what.toUpperCase()
        : operands.choices.join("|");
  }
}

/** The statuses that a command can end with, and what each means. */
export function exitStatusesOf({ operands, options }: Command): [status: number, meaning: string][] {
  if (operands.kind === "choice") return [];
  const runsProgram = operands.kind === "program";
  const judges = options.some(({ group }) => group === "Assertions");
  const isStrict = options.some(({ long }) => long === "--strict");
  return EXIT_STATUS_HELP.filter(([status]) =>
    (runsProgram || status < ExitStatus.BEFORE_COMMAND) && (judges || status !== ExitStatus.ASSERTION) &&
    (isStrict || status !== ExitStatus.LOSS)
  ).map(([status, meaning]) => [status, status === ExitStatus.OK && !runsProgram ? "done" : meaning]);
}

/** The notes on a selection, of a command that has one. */
export function selectionNotes({ operands, options }: Command): Notes {
  const exclusions = options.filter(({ summary }) => summary === null);
  const positives = exclusions.map(({ long }) => long.replace("--no-", "--"));
  const [{ long: example, value }] = exclusions;
  const hasTasks = options.some(({ long }) => long === "--pid");
  const hasPatterns = options.some(({ value }) => value === "PAT");
  const notes = [
    `${positives.join(", ")} have a --no- form that excludes what it names: ${example} ${value}.`,
    "A LIST is separated by commas, and an option may be repeated: any entry may match. Different options must all match, " +
    (hasTasks
      ? "with two exceptions: --syscall adds calls to those of --family and --kind, and " +
        (operands.kind === "program"
          ? "--pid, --tid and COMMAND add up: a call is of one of these processes, of one of these threads, or of the command."
          : "--pid and --tid add up: a call is of one of these processes or threads.")
      : "but --syscall adds calls to those of --family and --kind."),
    ...(hasPatterns
      ? [
        "PAT matches a name that contains it, ignoring case. ^ and $ anchor it; '^/dir/*' matches what is directly " +
        "in /dir. With *, ? or [ it is a shell glob for the whole name: '*.log', '/etc/*.conf'; ** crosses slashes.",
      ]
      : []),
    `Families: ${FAMILIES.join(", ")}, all.`,
    `Kinds: ${KINDS.join(", ")}.`,
    "`ior probes --kind sync` lists the calls of a kind, `ior probes --family IPC` those of a family.",
  ];
  return { title: "How the selection works", notes };
}

/** The notes on `--where`. */
export function conditionNotes(): Notes {
  const fields = Object.entries(expression.FIELDS);
  const named = (type: string) =>
    fields.filter(([, field]) => field.type === type).map(([name]) => name).join(", ");
  const notes = [
    "EXPR of --where is made of comparisons, and, or, not and parentheses; not binds before and, and before or.",
    `Texts: ${
      named("text")
    }. They compare with = and !=, of which a LIST means one of and none of, with ~ PAT and with ` +
    "=~ REGEX, which may match anywhere. Quotes and backslashes work as in a shell.",
    `Numbers: ${named("number")}; ${
      expression.NUMBER_OPERATORS.join(" ")
    }. Times take ns, us, ms and s, sizes take k, M and G.`,
    `${named("flag")} stands alone.`,
    "A comparison with what a call does not have, such as a path, is false; not of that is true. Of two paths of a " +
    "rename one must match, and with != neither.",
    "Several --where must all hold, and the options above with them. A condition that names calls or families " +
    "selects from all of them.",
  ];
  return { title: "How conditions work", notes };
}

/** The notes on `--assert`. */
export function assertionNotes(): Notes {
  const notes = [
    "EXPR is MEASURE(ARGUMENT, ...) COMPARISON VALUE; without ARGUMENT it covers all calls.",
    `Measures: ${Object.keys(MEASURES).join(", ")}.`,
    `Comparisons: ${expression.NUMBER_OPERATORS.join(" ")}`,
    `An ARGUMENT names a call, a family or an error, or is a condition FIELD = TEXT, FIELD != TEXT, FIELD ~ PAT or FIELD =~ REGEX. ` +
    `Fields: ${Object.keys(FIELDS).join(", ")}. PAT is as in the selection: "*.db".`,
    "path is either file of a call with two, as a rename or copy has, as in the selection; but bytes read belong to the " +
    "source of a copy alone, and bytes written to its destination.",
    "If there is no such call, < and <= hold for times; all other comparisons of times fail.",
    "Only calls that were counted are judged: an assertion can hold although calls were lost, or have no row in a recording. " +
    "With --strict ior ends with status 4 then, and when calls may have been lost.",
  ];
  return { title: "How assertions work", notes };
}
