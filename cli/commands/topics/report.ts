import { TABLE_NAMES, type TableName } from "../../report/choices.ts";
import { assertionNotes } from "../notes.ts";
import type { Topic } from "./topic.ts";

/** What each table shows. */
const MEANINGS: Readonly<Record<TableName, string>> = {
  advice: "what stands out: at most five lines, by exact sums",
  processes: "by command name; --by process for each one",
  files: "regular files, directories and devices",
  mapped: "with --cache: what page faults read of mapped files, outside of any call",
  waiting: "calls on pipes, sockets, terminals and poll, and sleeps: waiting for others, not I/O",
  directories: "a tree, including subdirectories",
  syscalls: "by call, with a small histogram of latencies",
  families: "by family of calls",
  errors: "failed calls by error and call",
  slowest: "single calls, longest first",
  running: "calls that had not returned at the end",
  time: "over time, for runs of a second and more",
};

/** `ior help report`. */
export const REPORT_TOPIC: Topic = {
  name: "report",
  summary: "how to read the report, and how to judge by it in scripts",
  about: [
    "The header says what ran, for how long, how many calls it made and the time it spent in them. Time on files and time " +
    "waiting are kept apart: a call on a pipe, a socket or poll waits for another process, so shares, order and advice only " +
    "consider time on files. A call counts where it ends. Calls of several threads overlap, and one may have begun before " +
    "an interval or a window: time in calls may exceed the wall time.",
    "Quantiles such as p99 come from histograms of every call, with an error of at most 2%, also with " +
    "--sample. --by adds tables, --tables chooses them, --json prints all as one document: `ior schema report`.",
  ],
  sections: () => [
    { title: "Tables", terms: TABLE_NAMES.map((name) => [name, MEANINGS[name]] as const) },
    assertionNotes(),
  ],
};
