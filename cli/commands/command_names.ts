/** Names of the commands, in the order the help lists them. */
export const COMMAND_NAMES = [
  "trace",
  "top",
  "stream",
  "record",
  "files",
  "serve",
  "flame",
  "report",
  "diff",
  "doctor",
  "probes",
  "completions",
  "man",
  "schema",
] as const;

/** One of {@linkcode COMMAND_NAMES}. */
export type CommandName = typeof COMMAND_NAMES[number];
