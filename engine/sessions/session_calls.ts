import { isRequest } from "../../runtime/syscalls/aio.ts";
import { type Arch, syscallByName, syscallName } from "../../runtime/syscalls/mod.ts";

/** What a call does to descriptors: `use` for all that is not special. */
export type SessionRole =
  | "open"
  | "close"
  | "dup"
  | "fcntl"
  | "close_all"
  | "fork"
  | "exec"
  | "exit"
  | "exit_thread"
  | "rename"
  | "use";

/** How a call moves bytes: at the position of its description, elsewhere, or not. */
export type Placing = "position" | "elsewhere" | null;

/** What sessions need of a system call. */
export interface SessionCall {
  name: string;
  role: SessionRole;
  /** Which bytes it moves. */
  bytes: "read" | "write" | "both" | null;
  placing: Placing;
  /** For a copy: whether its descriptor is what it reads from; `null` for other calls. */
  copiesFrom: boolean | null;
  /** Which of the paths of its row is that of its descriptor. */
  ownPath: "path" | "old_path" | null;
  seeks: boolean;
  syncs: boolean;
  /** The flags that it always opens with; `null` for other calls. */
  openFlags: string | null;
}

/** Calls of processes without which it is not known who has a descriptor. */
export const PROCESS_CALLS: readonly string[] = [
  "fork",
  "vfork",
  "clone",
  "clone3",
  "execve",
  "execveat",
  "exit",
  "exit_group",
];

/** Calls that make files without a place in a file system; they are not of family FS. */
export const MEMORY_FILE_CALLS: readonly string[] = ["memfd_create", "memfd_secret"];

const ROLES: Readonly<Record<string, SessionRole>> = {
  close: "close",
  "io_uring:CLOSE": "close",
  dup: "dup",
  dup2: "dup",
  dup3: "dup",
  fcntl: "fcntl",
  close_range: "close_all",
  fork: "fork",
  vfork: "fork",
  clone: "fork",
  clone3: "fork",
  execve: "exec",
  execveat: "exec",
  exit: "exit_thread",
  exit_group: "exit",
  rename: "rename",
  renameat: "rename",
  renameat2: "rename",
};

/** What `creat` is short for. */
const CREAT_FLAGS = "O_WRONLY|O_CREAT|O_TRUNC";

const AT_POSITION = ["read", "readv", "write", "writev"];
const ELSEWHERE = ["pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2"];
const SYNCS = ["fsync", "fdatasync", "sync_file_range", "io_uring:FSYNC", "io_uring:SYNC_FILE_RANGE"];

/** What a call of this number is to sessions. */
export function sessionCall(arch: Arch, nr: number): SessionCall {
  const name = syscallName(arch, nr);
  const call = syscallByName(name);
  const bytes = call?.bytes ?? null;
  const args = call?.args ?? [];
  const copies = args.includes("src") && args.includes("dst");
  const copiesFrom = copies ? args.indexOf("src") < args.indexOf("dst") : null;
  // Beside a path argument the descriptor is another file's, or the old path's.
  const namesAnother = args.includes("old_path") || (args.includes("fd") && args.includes("path"));
  return {
    name,
    role: ROLES[name] ?? (call?.returns === "fd" ? "open" : "use"),
    bytes,
    placing: AT_POSITION.includes(name)
      ? "position"
      // Requests to io_uring have an offset that rows do not have.
      : ELSEWHERE.includes(name) || (bytes !== null && !copies && isRequest(name))
      ? "elsewhere"
      : null,
    copiesFrom,
    ownPath: namesAnother ? null : copiesFrom ? "old_path" : "path",
    seeks: name === "lseek",
    syncs: SYNCS.includes(name),
    openFlags: name === "creat" ? CREAT_FLAGS : null,
  };
}
