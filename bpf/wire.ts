/**
 * What crosses between the kernel programs and user space: the twin of `wire.h`. A test compiles a C program that
 * prints sizes, offsets and constants of `wire.h` and compares them with these.
 */

/** Entries of the call table; the last one stands for every number beyond. */
export const CALLS = 1024;
/** Numbers of the call table from here on are requests to io_uring, by operation: so many at most. */
export { URING_FIRST } from "../runtime/syscalls/aio.ts";
export const URING_OPS = 64;
/** Verdict bytes per map entry. */
export const VERDICTS = 4096;
/** Places of the table of files, indexed by the low bits of the number. */
export const FILE_SLOTS = 65536;
/** Places of the table of tasks. */
export const TASK_SLOTS = 32768;
/** Places of the table of stacks. */
export const STACK_SLOTS = 16_384;
/** Most frames of a stack, and how many words above the stack pointer come with it. */
export const STACK_FRAMES = 127;
export const STACK_TOP = 16;
/** Places of the tables of rejected numbers, and how many a map entry holds. */
export const REJECTED_SLOTS = 65536;
export const REJECTED_CHUNK = 1024;

/** Filters that are kept at once: a record carries the low bits of its filter's number, from a shift on. */
export const FILTERS = 4;
export const CALL_FILTER_SHIFT = 5;
/** `nr` of a call whose number is in `size`. */
export const BIG_NR = 65535;

/** Value of a process in the map `pids` that is not to be followed, nor what descends from it. */
export const NOT_FOLLOWED = 255;

/** Cells of a round, and chunks of their histograms; number 0 of each stands for none. */
export const CELLS = 4096;
export const CHUNKS = 16_384;
/** Octaves of a cell's histogram, of 32 buckets each, which a chunk holds. */
export const OCTAVES = 36;
/** In `kind` of a cell's key. */
export const CellKind = {
  ERROR: 0xffff,
  HAS_FD: 1 << 16,
  NO_RETURN: 1 << 17,
  KILLED: 1 << 18,
  NO_FILES: 1 << 19,
  OF_PIPE: 1 << 20,
  OF_SOCKET: 1 << 21,
  NO_TASK: 1 << 22,
  WRITTEN: 1 << 23,
} as const;
/** In `rates` of the sums: the kernel decides, see `wire.h`. */
export const RATE_AUTO = 0xffff_ffff;
/** Powers of two of latencies. */
export const POWERS = 64;

/** Bits of `extras` of the configuration: with any of them a call_extra follows every call_record. */
export const Extra = { WAITS: 1, CACHE: 2, STACKS: 4, ARGUMENTS: 8, MAPPED: 16 } as const;

/** In the map `arguments`, beside the position of an argument: it points to the value. */
export const ARGUMENT_POINTS = 128;

/** `flags` of a record. */
export const RecordFlag = {
  TEXT: 1,
  PEEK: 2,
  LEAST_FD: 4,
  NO_RETURN: 8,
  KILLED: 16,
  FILTER: 96,
  NAME: 128,
} as const;

/** `kind` of a record that announces a name. */
export const NameKind = {
  TASK: 1,
  FILE: 2,
  RUNNING: 3,
  GROUP: 4,
  CELL: 5,
  TEXT: 6,
  STACK: 7,
  MAPPED: 8,
} as const;

/** `status` of a call_text. */
export const TextStatus = { PATH: 1, OLD: 2, FAULT: 4, TRUNCATED: 8, PATH_BARE: 16, OLD_BARE: 32 } as const;

/** `type` of a file_record. */
export const FileType = { PATH: 1, NAMED: 2, SOCKET: 3 } as const;

/** `status` of a file_record. */
export const FileStatus = { DELETED: 1, TRUNCATED: 2 } as const;

/** `flags` of a call_spec. */
export const SpecFlag = {
  TRACKED: 1,
  SHOWN: 2,
  RETURNS_FD: 4,
  CWD: 8,
  ANON_FD: 16,
  NO_RETURN: 32,
  CREDENTIALS: 64,
  MORE: 128,
} as const;

/** `form` of a compat_call, see `wire.h`. */
export const CompatForm = {
  UNKNOWN: 0,
  SAME: 1,
  BLOCK: 2,
  SOCKETCALL: 3,
  IPC: 4,
  SPLIT: 5,
  LLSEEK: 6,
  READDIR: 7,
  LOST: 8,
} as const;

/** Numbers of the 32-bit table; behind them those of the calls that share one number, and how many do at most. */
export const COMPAT_CALLS = 512;
export const COMPAT_PARTS = 32;

/** Bits of a verdict byte. */
export const Verdict = { KNOWN: 1, TRACED: 2, FOLLOW: 4, LAUNCHING: 8 } as const;

/** `owners` of a filter, and `kind` of a selected owner: the real user or group of a thread. */
export const Owner = { USER: 1, GROUP: 2 } as const;

/** `judge_tasks` and `judge_files` of a filter. */
export const JudgeMode = { NOT: 0, WANTED: 1, UNWANTED: 2 } as const;

/** `walk` of the filters: what the walk over all tasks does. */
export const Walk = { JUDGE: 0, RUNNING: 1 } as const;

/** Sizes in bytes. */
export const Size = {
  call_record: 56,
  call_extra: 48,
  call_text: 16,
  task_record: 56,
  file_record: 32,
  running_record: 48,
  socket_name: 160,
  stack_frame: 32,
  stack_record: 168,
  mapped_key: 16,
  mapped_sum: 24,
  mapped_record: 24,
  call_spec: 32,
  compat_call: 4,
  config: 48,
  filter: 16,
  filters: 72,
  command: 24,
  filter_owner: 8,
  cell: 320,
  chunk: 128,
  cell_key: 28,
  text_record: 24,
  cell_record: 40,
  sums: 5416,
  losses: 40,
} as const;

/** Offsets in bytes of the fields that user space reads or writes. */
export const Offset = {
  call_record: {
    nr: 0,
    restarts: 2,
    flags: 3,
    task_id: 4,
    enter_ns: 8,
    duration_ns: 16,
    gap_ns: 24,
    ret: 32,
    file_id: 40,
    file2_id: 44,
    fd: 48,
    size: 52,
  },
  call_extra: { iowait_ns: 0, blocked_ns: 8, runqueue_ns: 16, fetched_bytes: 24, stack_id: 32, argument: 40 },
  call_text: { base_id: 0, old_base_id: 4, length: 8, old_length: 10, status: 12 },
  task_record: { task_id: 4, pid: 8, tid: 12, uid: 16, gid: 20, comm: 24, process_start_ns: 40, group: 48 },
  running_record: { pid: 4, tid: 8, file_id: 12, call_nr: 16, enter_ns: 24, comm: 32 },
  file_record: { file_id: 4, inode: 8, device: 16, magic: 20, type: 24, status: 26, length: 28 },
  socket_name: {
    family: 0,
    type: 2,
    protocol: 4,
    local_port: 6,
    peer_port: 8,
    path_length: 10,
    local: 16,
    peer: 32,
    path: 48,
  },
  stack_frame: { address: 0, build_id: 4, offset: 24 },
  stack_record: {
    stack_id: 4,
    pid: 8,
    file_id: 12,
    process_start_ns: 16,
    code_start: 24,
    exec: 32,
    frames: 36,
    broken: 38,
    top: 40,
  },
  mapped_key: { task_id: 0, file_id: 4, filter: 8 },
  mapped_sum: { bytes: 0, faults: 8, fault_ns: 16 },
  mapped_record: { key: 8 },
  call_spec: {
    flags: 0,
    fd: 1,
    file: 2,
    old_file: 3,
    path: 4,
    dir: 5,
    old_path: 6,
    old_dir: 7,
    size: 8,
    msg_flags: 9,
    msg: 10,
    xattr_args: 11,
    at_flags: 12,
    from: 13,
    made_if: 14,
    exits: 15,
    ring: 16,
    index_if: 17,
    made_by: 18,
    null_is_dir: 19,
    flag: 20,
    made: 24,
  },
  compat_call: { nr: 0, form: 2, words: 3 },
  config: {
    start_ns: 0,
    self_pid: 8,
    pid_namespace: 12,
    nr_rt_sigreturn: 16,
    nr_restart_syscall: 20,
    cast: 24,
    targets: 25,
    follow: 26,
    groups: 27,
    group_levels: 28,
    samples: 32,
    extras: 33,
    page_shift: 34,
    requests: 35,
    busy_bytes: 36,
    row_rings: 40,
    extended: 41,
    preemptible: 42,
  },
  filter: {
    slower_ns: 0,
    failed_only: 8,
    owners: 9,
    judge_tasks: 10,
    judge_files: 11,
    judge_calls: 12,
    judge_by_files: 13,
  },
  filters: { current: 0, walk: 4, of: 8 },
  command: { exec_ns: 0, end_ns: 8, tgid: 16, children: 20 },
  filter_owner: { place: 0, kind: 2, id: 4 },
  cell: {
    total_ns: 0,
    bytes: 8,
    max_ns: 16,
    calls: 24,
    waits: 28,
    gap_ns: 32,
    tiny_ns: 40,
    iowait_ns: 48,
    blocked_ns: 56,
    chunks: 64,
    runqueue_ns: 280,
    fetched_bytes: 288,
    own: 296,
  },
  chunk: { of: 0 },
  cell_key: { task_id: 0, nr: 4, file_id: 8, file2_id: 12, kind: 16, filter: 20, round: 24 },
  text_record: { file_id: 4, base_id: 8, old_of: 12, bare: 16, length: 20 },
  cell_record: { cell: 4, key: 8 },
  sums: {
    round: 0,
    cells: 4,
    chunks: 12,
    raised: 20,
    slow_ns: 24,
    slow_waits_ns: 32,
    missed: 40,
    rates: 296,
    moves: 4392,
  },
  losses: { ring_full: 0, storage_full: 8, skipped: 16, compat_32bit: 24, unseen: 32 },
} as const;
