/** The options of the flight recorder, as rows. */
import { type Expression, parseExpression } from "../../runtime/expression/mod.ts";
import { formatExactDuration, formatExactSize, parseSize } from "../../runtime/units.ts";
import { splitWords } from "../text/split_words.ts";
import { DEFAULTS } from "./defaults.ts";
import { option } from "./option.ts";
import { badValue, readTime } from "./values.ts";

/** Longest time before a match: a buffer holds seconds of a busy machine. */
const BEFORE_MAX_NS = 3600e9;

/** Smallest buffer: room for some thousand calls; and the largest: more than a machine should spare. */
const BUFFER_MIN = 1024 ** 2;
const BUFFER_MAX = 16 * 1024 ** 3;

const EXEC_HINT = "For instance --exec '/usr/local/bin/alert disk'";

/** The condition that calls are held against. */
export const TRIGGER_OPTION = option({
  key: "trigger",
  long: "--trigger",
  value: "EXPR",
  example: "latency > 100ms",
  group: "Trigger",
  summary: "keep rows in memory, and write only those around calls that match EXPR, each window in a file",
  initial: null as { text: string; condition: Expression } | null,
  read: (text) => ({
    text,
    condition: parseExpression({ option: "--trigger", text, example: "'latency > 100ms'" }),
  }),
});

/** What needs a trigger. */
export const WINDOW_OPTIONS = [
  option({
    key: "beforeNs",
    long: "--before",
    value: "DUR",
    example: "10s",
    group: "Trigger",
    summary: `write calls that ended up to DUR before the match (default ${DEFAULTS.beforeNs / 1e9}s)`,
    initial: DEFAULTS.beforeNs as number,
    read: readBefore,
  }),
  option({
    key: "afterNs",
    long: "--after",
    value: "DUR",
    example: "5s",
    group: "Trigger",
    summary: `and up to DUR after the last match (default ${DEFAULTS.afterNs / 1e9}s)`,
    initial: DEFAULTS.afterNs as number,
    read: (text) => readTime("--after", text, 0),
  }),
  option({
    key: "bufferBytes",
    long: "--buffer",
    value: "SIZE",
    example: "256M",
    group: "Trigger",
    summary: `memory for rows: k, M or G (default ${formatExactSize(DEFAULTS.bufferBytes)})`,
    initial: DEFAULTS.bufferBytes as number,
    read: readBuffer,
  }),
  option({
    key: "exec",
    long: "--exec",
    value: "CMD",
    example: "/usr/local/bin/alert",
    group: "Trigger",
    summary: "run CMD when a window is written, without a shell; IOR_FILE and others say which",
    initial: null as string[] | null,
    read: readExec,
  }),
];

function readBefore(text: string): number {
  const ns = readTime("--before", text, 0);
  if (ns <= BEFORE_MAX_NS) return ns;
  throw badValue(
    "--before",
    text,
    `it must be at most ${formatExactDuration(BEFORE_MAX_NS)}`,
    "For instance --before 10s",
  );
}

function readBuffer(text: string): number {
  const bytes = parseSize(text, "--buffer");
  if (bytes >= BUFFER_MIN && bytes <= BUFFER_MAX) return bytes;
  throw badValue(
    "--buffer",
    text,
    `it must be from ${formatExactSize(BUFFER_MIN)} to ${formatExactSize(BUFFER_MAX)}`,
    `For instance --buffer ${formatExactSize(DEFAULTS.bufferBytes)}`,
  );
}

function readExec(text: string): string[] {
  const words = splitWords(text);
  if (words === null) throw badValue("--exec", text, "a quote is not closed", EXEC_HINT);
  if (words.length === 0 || words[0] === "") throw badValue("--exec", text, "it names no program", EXEC_HINT);
  return words;
}
