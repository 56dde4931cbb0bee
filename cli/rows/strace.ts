/**
 * Rows as the lines of `strace -f -ttt -T -yy -o FILE`, which its readers and Perfetto take:
 * `TID SECONDS.MICROSECONDS syscall(arguments) = VALUE ERRNO (Message) <SECONDS.MICROSECONDS>`.
 *
 * Included are the thread, the wall time of the enter, the call, its value, its error with the C library's message, its
 * time, and those arguments that a row has, each in its place: the descriptor with its file as `3</etc/passwd>`,
 * paths in quotes. Lines are in the order in which calls end, one per call, never split into an unfinished and a resumed
 * part: `sort -s -k2,2` sorts them by their begin.
 *
 * Differences: paths are absolute, and a successful open has the file that was really opened. The file of a descriptor
 * whose number is unknown is in quotes. An unknown argument is `...`, and so are all after the last known one together.
 * A value is decimal, without a file even if it is a descriptor. A call that did not return has `= ?`, with its time when
 * the process was killed in it. The process, the names of threads, signals, ends of processes and warnings are missing.
 */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { type ArgRole, type Syscall, syscallByName } from "../../runtime/syscalls/mod.ts";
import { errnoMessage } from "./errno_messages.ts";
import { straceNote, straceString } from "./strace_text.ts";

const NS_PER_US = 1000n;
const US_PER_SECOND = 1_000_000;

/** Stands for anything unknown. */
const UNKNOWN = "...";

/**
 * A renderer of lines, none of which ends with its line feed, for a trace that began at `startedEpochNs` (nanoseconds since
 * 1970). It returns `null` for a warning, which the format cannot express.
 */
export function createStraceRenderer(startedEpochNs: bigint): (row: StreamRow | WarningRow) => string | null {
  const startedUs = Number(startedEpochNs / NS_PER_US);
  const restNs = Number(startedEpochNs % NS_PER_US);
  return (row) => {
    if ("warning" in row) return null;
    // Truncated, not rounded: a call that ends before the next one of its thread begins does so in the lines too.
    const beginUs = startedUs + Math.floor((restNs + row.timeNs) / 1000);
    const call = syscallByName(row.syscall);
    const name = /^\d+$/.test(row.syscall)
      ? `syscall_0x${Number(row.syscall).toString(16)}`
      : word(row.syscall);
    const begin = `${row.tid} ${seconds(beginUs)} ${name}(${argumentsText(row, call)})`;
    const time = row.latencyNs === null ? "" : ` <${seconds(Math.floor(row.latencyNs / 1000))}>`;
    // strace lines the values of short calls up in this column.
    return `${begin.padEnd(VALUE_COLUMN)} = ${valueText(row)}${time}`;
  };
}

/** Column at which strace puts the value of a call that is not longer (its option `-a`), less the equals sign. */
const VALUE_COLUMN = 39;

function seconds(us: number): string {
  const whole = Math.floor(us / US_PER_SECOND);
  return `${whole}.${String(us - whole * US_PER_SECOND).padStart(6, "0")}`;
}

function valueText(row: StreamRow): string {
  if (row.ret === null) return "?";
  return row.errno === null ? String(row.ret) : `-1 ${row.errno} (${errnoMessage(row.errno)})`;
}

function argumentsText(row: StreamRow, call: Syscall | undefined): string {
  if (call === undefined) return UNKNOWN;
  const known = call.returns === "cwd"
    ? [pathText(row)]
    : call.args.map((role) => TEXTS[role]?.(row, call) ?? UNKNOWN);
  let length = known.length;
  while (length > 0 && known[length - 1] === UNKNOWN) length--;
  return [...known.slice(0, length), UNKNOWN].join(", ");
}

/** The arguments that rows have, by their role; all others are unknown. */
const TEXTS: { [Role in ArgRole]?: (row: StreamRow, call: Syscall) => string } = {
  fd: (row, call) => descriptorText(row, ownsPath(call) ? "path" : null),
  // When the call returns a descriptor, that is the one of the row.
  anon_fd: (row, { returns }) =>
    returns === "fd" ? UNKNOWN : row.fd === null ? "-1" : descriptorText(row, "path"),
  // The first of the two is the one whose number is known.
  src: (row, call) =>
    call.args.indexOf("src") < call.args.indexOf("dst") ? descriptorText(row, "old") : oldText(row),
  dst: (row, call) =>
    call.args.indexOf("dst") < call.args.indexOf("src") ? descriptorText(row, "path") : pathText(row),
  // The base of a path is known only when there is no path: it is then the file itself.
  dir: (row, call) => isFileItself(row, call) ? descriptorText(row, "path") : UNKNOWN,
  path: (row, call) => isFileItself(row, call) ? UNKNOWN : pathText(row),
  old_path: oldText,
  target: oldText,
};

/** True when the path of a row is that of its descriptor, and not of an argument of its own. */
function ownsPath({ args }: Syscall): boolean {
  return !args.includes("path") && !args.includes("dst");
}

/** True when the path argument of a call was empty or null, and its directory descriptor the file. */
function isFileItself(row: StreamRow, { args, returns }: Syscall): boolean {
  return row.fd !== null && returns !== "fd" && !ALSO_TAKE.some((role) => args.includes(role));
}

/** Arguments beside a path that a descriptor may belong to. */
const ALSO_TAKE: readonly ArgRole[] = ["fd", "from", "old_path"];

function descriptorText(row: StreamRow, file: "path" | "old" | null): string {
  if (row.fd === null) return UNKNOWN;
  const name = file === "path" ? row.path : file === "old" ? row.oldPath : null;
  if (name === null) return String(row.fd);
  return `${row.fd}${straceNote(name, file === "path" ? row.pathRaw : row.oldPathRaw)}`;
}

function pathText({ path, pathRaw, pathError }: StreamRow): string {
  if (path === null) return UNKNOWN;
  // As strace marks a text that is longer than it shows.
  return straceString(path, pathRaw) + (pathError === "truncated" ? UNKNOWN : "");
}

function oldText({ oldPath, oldPathRaw }: StreamRow): string {
  return oldPath === null ? UNKNOWN : straceString(oldPath, oldPathRaw);
}

/** A name as strace could write it: requests to io_uring and calls of the 32-bit table have a colon in theirs. */
function word(name: string): string {
  return name.replace(":", "_");
}
