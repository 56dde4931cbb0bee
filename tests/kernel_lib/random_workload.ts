import { fileURLToPath } from "node:url";
import { errnoName } from "../../runtime/errno.ts";
import { compile } from "./compile.ts";
import { runIor } from "./ior.ts";
import { readRows, type RowRecord } from "./rows.ts";
import { scratchDirectory } from "./scratch.ts";

/** A run of the random workload. */
export interface RandomRun {
  seed: number;
  /** Calls it makes at least. */
  calls: number;
  /** `turns`: one thread acts at a time, as the seed says; `free`: all at once. */
  mode: "turns" | "free";
}

/** One call by the log of the workload. */
export interface LoggedCall {
  pid: number;
  tid: number;
  syscall: string;
  fd: number | null;
  ret: number;
  bytes: number | null;
  /** Bytes of the names. */
  path: Uint8Array | null;
  old_path: Uint8Array | null;
}

/** Calls that the workload makes and logs; what else its processes do is not traced. */
const CALLS = [
  ...[
    "access",
    "chdir",
    "chmod",
    "close",
    "close_range",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "execve",
    "faccessat",
  ],
  ...[
    "fchdir",
    "fcntl",
    "fork",
    "fstat",
    "ftruncate",
    "getcwd",
    "getdents64",
    "link",
    "linkat",
    "lseek",
    "lstat",
  ],
  ...[
    "mkdir",
    "mkdirat",
    "newfstatat",
    "open",
    "openat",
    "pipe",
    "pipe2",
    "pread64",
    "pwrite64",
    "read",
    "readlink",
  ],
  ...["readlinkat", "rename", "renameat", "renameat2", "rmdir", "socketpair", "stat", "symlink", "symlinkat"],
  ...["truncate", "unlink", "unlinkat", "write"],
];

/** Runs the workload under ior and gives the rows and the log. */
export async function traceRandom(run: RandomRun): Promise<{ rows: RowRecord[]; log: LoggedCall[] }> {
  const program = await compile(fileURLToPath(new URL("../workloads_random/random.c", import.meta.url)));
  const directory = Deno.realPathSync(scratchDirectory("random"));
  const work = Deno.realPathSync(scratchDirectory("log"));
  const output = `${work}/rows.ndjson`;
  const words = [directory, `${work}/state`, `${work}/log`, String(run.seed), String(run.calls), run.mode];
  const args = ["stream", "--format", "ndjson", "-e", CALLS.join(","), "-o", output, "--", program, ...words];
  const { code, stderr } = await runIor(args);
  if (code !== 0) throw new Error(`${describeRun(run)} ends with status ${code}\n${stderr}`);
  const { rows, end } = readRows(output);
  if (end.loss.state !== "none") throw new Error(`Calls were lost: ${JSON.stringify(end.loss)}`);
  const log = readLog(Deno.readFileSync(`${work}/log`));
  // A long night's runs need the room.
  for (const path of [work, directory]) await new Deno.Command("rm", { args: ["-rf", path] }).output();
  return { rows, log };
}

/** How to have this run again. */
export function describeRun({ seed, calls, mode }: RandomRun): string {
  return `The random workload with seed ${seed}, ${calls} calls, ${mode}`;
}

/** Records end with a 0 byte, fields with a tab; see `call_log.h`. */
function readLog(bytes: Uint8Array): LoggedCall[] {
  const calls: LoggedCall[] = [];
  const decoder = new TextDecoder();
  for (let start = 0; bytes[start] !== 0 && start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    const fields: Uint8Array[] = [];
    for (let at = start; at <= end;) {
      const tab = bytes.indexOf(TAB, at);
      const stop = tab === -1 || tab > end ? end : tab;
      fields.push(bytes.slice(at, stop));
      at = stop + 1;
    }
    if (fields.length !== 8) throw new Error(`A record of the log has ${fields.length} fields, not 8`);
    const [pid, tid, syscall, fd, ret, moved] = fields.slice(0, 6).map((field) => decoder.decode(field));
    const [path, old_path] = fields.slice(6).map((field) =>
      field.length === 1 && field[0] === DASH ? null : field
    );
    const number = (text: string) => text === "-" ? null : Number(text);
    calls.push({
      pid: Number(pid),
      tid: Number(tid),
      syscall,
      fd: number(fd),
      ret: Number(ret),
      bytes: number(moved),
      path,
      old_path,
    });
    start = end + 1;
  }
  return calls;
}

const TAB = 9;
const DASH = 45;

/** A row as far as the workload knows it. */
function textOfRow(row: RowRecord): string {
  const { pid, syscall, fd, ret, errno, bytes, path, old_path, path_raw, old_path_raw, path_error } = row;
  return JSON.stringify({
    pid,
    syscall,
    fd,
    ret,
    errno,
    bytes,
    path,
    old_path,
    path_raw,
    old_path_raw,
    path_error,
  });
}

/** The row that a logged call must have. */
function textOfCall({ pid, syscall, fd, ret, bytes, path, old_path }: LoggedCall): string {
  const errno = ret < 0 ? errnoName(-ret) : null;
  const [text, oldText] = [textOf(path), textOf(old_path)];
  return JSON.stringify({
    pid,
    syscall,
    fd,
    ret,
    errno,
    bytes,
    path: text,
    old_path: oldText,
    path_raw: rawOf(path, text),
    old_path_raw: rawOf(old_path, oldText),
  });
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes && new TextDecoder().decode(bytes);
}

/** The bytes beside a text that is not UTF-8. */
function rawOf(bytes: Uint8Array | null, text: string | null): string | undefined {
  return bytes && text!.includes("\ufffd") ? bytes.toBase64() : undefined;
}

/** Rows of a thread that are shown before a difference. */
const BEFORE = 6;

/** Differences that are shown. */
const SHOWN = 5;

/** Differences between the rows and the log, in the order of each thread's calls; none when there is none. */
export function differencesOfLog(rows: readonly RowRecord[], log: readonly LoggedCall[]): string[] {
  const lines: string[] = [];
  const byThread = Map.groupBy(countedRows(rows), ({ tid }) => tid);
  let differences = 0;
  for (const [tid, calls] of Map.groupBy(log, ({ tid }) => tid)) {
    const found = (byThread.get(tid) ?? []).map(textOfRow);
    byThread.delete(tid);
    const wanted = calls.map(textOfCall);
    for (let i = 0; i < Math.max(wanted.length, found.length); i++) {
      if (wanted[i] === found[i]) continue;
      if (++differences <= SHOWN) {
        lines.push(`thread ${tid}, call ${i + 1} of ${wanted.length} by the log, ${found.length} by ior`);
        lines.push(...found.slice(Math.max(0, i - BEFORE), i).map((row) => `  ${row}`));
        lines.push(`- ${wanted[i] ?? "(no call)"}`, `+ ${found[i] ?? "(no row)"}`);
      }
      // A row too many or too few moves all that follow.
      if (wanted.length !== found.length) break;
    }
  }
  for (const [tid, found] of byThread) {
    lines.push(`+ thread ${tid} is not in the log: ${textOfRow(found[0])}`);
  }
  if (differences > SHOWN) lines.push(`… ${differences} differences`);
  return lines;
}

/** Rows of each thread after its marker; an exec that succeeds leads to the next one. */
function countedRows(rows: readonly RowRecord[]): RowRecord[] {
  const begun = new Set<number>();
  return rows.filter((row) => {
    const isMarker = row.syscall === "write" && row.fd === -1;
    const counts = begun.has(row.tid) && !isMarker;
    if (isMarker) begun.add(row.tid);
    if (row.syscall === "execve" && !row.failed) begun.delete(row.tid);
    return counts;
  });
}
