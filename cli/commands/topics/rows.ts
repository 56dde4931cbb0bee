import { ROW_FIELDS, type RowFieldName } from "../../../runtime/row_fields.ts";
import type { Topic } from "./topic.ts";

/** What each field means. */
const MEANINGS: Readonly<Record<RowFieldName, string>> = {
  seq: "1, 2, 3 and so on, in the order in which the calls returned; a hole means rows that are not shown",
  time: "wall time of the enter",
  time_ns: "the same in nanoseconds since the trace began",
  pid: "process",
  tid: "thread",
  comm: "name of the thread when the call returned",
  uid: "real UID",
  syscall: "name of the call, its number when ior does not know it",
  family: "its family",
  fd: "the descriptor it works on, or the one that it made",
  path: "its file, absolute; of a call with two the new one, or where a copy goes",
  old_path: "the other file: the old name, the target of a link, or what a copy reads",
  path_raw: "exact bytes of path as base64, when they are not UTF-8",
  old_path_raw: "the same of old_path",
  path_error: "fault: the path cannot be read; truncated: it was cut",
  ret: "the value returned, null when the call did not return",
  errno: "name of the error",
  failed: "whether it failed",
  bytes: "bytes that it moved; null for calls that move none by their nature",
  latency_ns: "from enter to exit, nanoseconds",
  gap_ns: "from the thread's previous exit that is shown to this enter, nanoseconds",
  restarts: "how many times the kernel started it again after a signal",
  epoch: "number of the filter in force: 1, and one more for each change",
  cgroup: "control group or container, only when it is asked for: --with-cgroup",
  gid: "real GID; in text and CSV only when --columns names it",
  iowait_ns: "time off the processor waiting for I/O, nanoseconds, only with --waits",
  blocked_ns: "the same, waiting for anything else: data, a lock, a timer",
  runqueue_ns: "the same, waiting for a processor: it was preempted, or had been woken",
  fetched_bytes:
    "bytes of pages that it brought into the page cache, only with --cache; null for calls that only write",
  stack: "functions that make the call, outermost first, joined by semicolons, only with --stacks",
  offset_bytes:
    "where it reads or writes, of calls with an offset, such as pread64, only with --arguments; -1: at the position",
  flags: "the flags that it opens with, such as O_WRONLY|O_CREAT, only with --arguments",
};

/** `ior help rows`. */
export const ROWS: Topic = {
  name: "rows",
  summary: "what a row is, and what its fields mean",
  about: [
    "One row is one call as the program sees it: a read that a signal interrupts and the kernel starts again is one row. " +
    "The file is the one that the descriptor referred to when the call entered, by the kernel's own table. Text shows - for " +
    "a field without a value, JSON null.",
    "`ior stream --columns` chooses fields; `ior schema rows` prints their types.",
    "A request to io_uring has rows when it is selected, by family AIO or by name: io_uring:READ. It lasts from its submit to " +
    "its completion, a request that completes more than once from one completion to the next.",
    "On x86-64, a call of a 32-bit program is shown as the 64-bit call that does the same: stat64 as stat, mmap2 as mmap, " +
    "socketcall as what it asks for, and i386:NUMBER where there is none.",
  ],
  sections: () => [
    { title: "Fields", terms: ROW_FIELDS.map(({ name }) => [name, MEANINGS[name]] as const) },
    {
      title: "What has no row",
      notes: [
        "Requests to io_uring that are not selected: their number is reported by process.",
        "Reads and writes through a memory mapping are not calls.",
        "On arm64, calls of 32-bit programs: they are counted as lost, see `ior help loss`.",
        "Calls that seccomp denies never enter.",
      ],
    },
  ],
};
