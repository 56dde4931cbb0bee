/** The options of every command that prints, as rows. */
import { COLOR_MODES, type ColorMode, DEFAULTS } from "./defaults.ts";
import { option, toggle } from "./option.ts";
import { readChoice, readText } from "./values.ts";

/** Options of every command. */
export const HELP_OPTIONS = [
  toggle({ key: "version", long: "--version", short: "-V", group: "General", summary: "print the version" }),
  toggle({ key: "help", long: "--help", short: "-h", group: "General", summary: "print this text" }),
];

/** Names of the standard output: the runtime opens no other file under /dev. */
const STANDARD_OUTPUT = ["-", "/dev/stdout"];

/** The file that a command writes. */
export const OUTPUT_OPTION = option({
  key: "output",
  long: "--output",
  short: "-o",
  value: "FILE",
  example: "out.json",
  offers: "files",
  group: "Output",
  summary: "write to FILE, and leave standard output to the command",
  initial: null as string | null,
  read: (text) => STANDARD_OUTPUT.includes(text) ? null : readText("--output", text),
});

/** The same of a command that runs no program. */
export const READER_OUTPUT_OPTION = { ...OUTPUT_OPTION, summary: "write to FILE" };

/** Options of the appearance and the amount of text. */
export const LOOK_OPTIONS = [
  option({
    key: "color",
    long: "--color",
    value: "WHEN",
    example: "never",
    offers: COLOR_MODES,
    group: "Output",
    summary: `${COLOR_MODES.join(", ")} (default ${DEFAULTS.color})`,
    initial: DEFAULTS.color as ColorMode,
    read: (text) => readChoice("--color", text, "mode", COLOR_MODES),
  }),
  toggle({
    key: "ascii",
    long: "--ascii",
    group: "Output",
    summary: "use only ASCII in text, whatever the locale",
  }),
  toggle({
    key: "strict",
    long: "--strict",
    group: "General",
    summary: "exit with status 4 when calls were lost, or may have been",
  }),
  toggle({
    key: "quiet",
    long: "--quiet",
    short: "-q",
    group: "General",
    summary: "no progress and no warnings",
  }),
  toggle({
    key: "verbose",
    long: "--verbose",
    short: "-v",
    group: "General",
    summary: "more details, also in errors",
  }),
  ...HELP_OPTIONS,
];
