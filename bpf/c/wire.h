/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What crosses between the kernel and user space. Its twin is bpf/wire.ts; a test compares the two.
 * Every record starts with the same four bytes, so that one load tells them apart.
 */
#ifndef IOR_WIRE_H
#define IOR_WIRE_H

#include "types.h"

#define CALLS 1024	/* entries of the call table; the last one stands for every number beyond */
#define URING_FIRST 900	/* from here on, requests to io_uring, by operation; a native call of such a number is shown as the last */
#define URING_OPS 64
#define VERDICTS 4096	/* verdict bytes per map entry */
#define TEXT_MAX 4096	/* longest path argument the kernel takes, including its NUL */
#define TEXT_READ (TEXT_MAX + 1)	/* one byte more shows that it was cut */
#define TEXTS_MAX 7680	/* both paths of a call: fits in two pages, the most a kernel allocates without sleeping (7.x) */
#define WALK_MAX 8192	/* most bytes of path components sent */

/*
 * User space keeps names in tables indexed by the low bits of the number. A name used again after half a
 * table of newer ones is announced again, long before its slot is reused.
 */
#define FILE_SLOTS 65536
#define FILE_AGE (FILE_SLOTS / 2)
#define TASK_SLOTS 32768
#define TASK_AGE (TASK_SLOTS / 2)
#define STACK_SLOTS 16384
#define STACK_AGE (STACK_SLOTS / 2)

/* call_record.flags */
enum {
	CALL_TEXT = 1,		/* a call_text and path bytes follow */
	CALL_PEEK = 2,		/* MSG_PEEK: no bytes were consumed */
	CALL_LEAST_FD = 4,	/* the call was given the number of NO_FD as its descriptor */
	CALL_NO_RETURN = 8,	/* never returns to its caller */
	CALL_KILLED = 16,	/* the task ended inside the call */
	CALL_FILTER = 96,	/* the low bits of the number of the filter that judged the call */
	CALL_NAME = 128,	/* not a call: a record whose kind says what it is */
};
enum { NAME_TASK = 1, NAME_FILE = 2, NAME_RUNNING = 3, NAME_GROUP = 4 /* a file_record, its inode is the id */,
       NAME_CELL = 5, NAME_TEXT = 6, NAME_STACK = 7, NAME_MAPPED = 8 };
#define NO_FD (-2147483647 - 1)
#define NO_NS (~0ULL)
#define BIG_NR 65535		/* in nr: the number of the call is in size */
#define CALL_FILTER_SHIFT 5

struct call_record {
	u16 nr;
	u8 restarts, flags;
	u32 task_id;
	u64 enter_ns, duration_ns, gap_ns;
	s64 ret;
	u32 file_id, file2_id;
	s32 fd;
	u32 size;
};
_Static_assert(sizeof(struct call_record) == 56, "call_record");

/*
 * What a load can be asked to know of each call beside its record: bits of config.extras. With any of them a call_extra
 * follows every call_record, before its texts; without, none does.
 */
enum { EXTRA_WAITS = 1, EXTRA_CACHE = 2, EXTRA_STACKS = 4, EXTRA_ARGUMENTS = 8,
       EXTRA_MAPPED = 16 /* of page faults, not of calls: see mapped_sum */ };
struct call_extra {
	/* Time off the processor inside the call: waiting for I/O, for anything else, and for a processor. */
	u64 iowait_ns, blocked_ns, runqueue_ns;
	u64 fetched_bytes;	/* of pages that it brought into the page cache */
	u32 stack_id, pad;
	u64 argument;		/* where it reads or writes, or how it opens */
};
_Static_assert(sizeof(struct call_extra) == 48, "call_extra");

#define ARGUMENT_POINTS 128	/* in the map arguments, beside the position of an argument: it points to the value */

/* call_text.status */
enum {
	TEXT_PATH = 1,		/* path bytes follow */
	TEXT_OLD = 2,		/* old path bytes follow, after the path's */
	TEXT_FAULT = 4,		/* a path could not be read */
	TEXT_TRUNCATED = 8,	/* a path was cut */
	TEXT_PATH_BARE = 16,	/* relative to a descriptor that is not open */
	TEXT_OLD_BARE = 32,
};
struct call_text {
	u32 base_id, old_base_id;	/* directories the texts are relative to; 0: the system's root */
	u16 length, old_length;		/* bytes without NUL */
	u32 status;
};
_Static_assert(sizeof(struct call_text) == 16, "call_text");

struct task_record {
	u16 nr;
	u8 kind, flags;
	u32 task_id, pid, tid, uid, gid;
	u64 comm[2];
	s64 process_start_ns;	/* relative to the start of the trace */
	u64 group;		/* id of its control group, 0 unless groups are asked for */
};
_Static_assert(sizeof(struct task_record) == 56, "task_record");

/* A call that had entered but not returned when the trace ended. */
struct running_record {
	u16 nr;
	u8 kind, flags;
	u32 pid, tid, file_id;
	s32 call_nr;
	u32 pad;
	u64 enter_ns;
	u64 comm[2];
};
_Static_assert(sizeof(struct running_record) == 48, "running_record");

/* file_record.type: how user space spells the name */
enum {
	FILE_PATH = 1,	/* components, leaf first, each with its NUL */
	FILE_NAMED = 2,	/* a pseudo file: its dentry's name; the superblock's magic decides the spelling */
	FILE_SOCKET = 3,	/* a socket_name */
};
enum { FILE_DELETED = 1, FILE_TRUNCATED = 2 };
struct file_record {
	u16 nr;
	u8 kind, flags;
	u32 file_id;
	u64 inode;
	u32 device, magic;
	u16 type, status;
	u32 length;
};
_Static_assert(sizeof(struct file_record) == 32, "file_record");

struct socket_name {
	u16 family, type, protocol, local_port, peer_port /* host order */, path_length;
	u32 pad;
	u32 local[4], peer[4];	/* addresses in network order; AF_UNIX: inode of the peer in peer[0] */
	char path[112];
};
_Static_assert(sizeof(struct socket_name) == 160, "socket_name");

#define STACK_FRAMES 127	/* what the kernel walks by default, see kernel.perf_event_max_stack in sysctl */
#define STACK_TOP 16	/* words above the stack pointer that are looked at */
/* A frame as the kernel describes it (struct bpf_stack_build_id), but for the address in place of its status. */
struct stack_frame {
	u32 address;		/* the low half */
	u8 build_id[20];	/* all 0: not known */
	u64 offset;		/* in the file; without a build id the whole address */
};
_Static_assert(sizeof(struct stack_frame) == 32, "stack_frame");

/* The stack of a call, sent before it is used. The frames follow, innermost first. */
struct stack_record {
	u16 nr;
	u8 kind, flags;
	u32 stack_id, pid;
	u32 file_id;		/* of the program */
	u64 process_start_ns;
	u64 code_start;		/* address of the program's first code */
	u32 exec;		/* how often the process has become another program */
	u16 frames;
	u16 broken;		/* what the outermost frame leads to is no code */
	u64 top[STACK_TOP];	/* what may be return addresses, others are 0 */
};
_Static_assert(sizeof(struct stack_record) == 168, "stack_record");

/* What page faults of a thread have read of a mapped file, outside of any call. */
struct mapped_key {
	u32 task_id, file_id, filter, pad;
};
_Static_assert(sizeof(struct mapped_key) == 16, "mapped_key");

struct mapped_sum {
	u64 bytes;		/* of pages that were brought into the page cache */
	u64 faults, fault_ns;	/* major ones, those that waited for I/O, and their time */
};
_Static_assert(sizeof(struct mapped_sum) == 24, "mapped_sum");

/* Sent before a sum is used, after the names it needs. */
struct mapped_record {
	u16 nr;
	u8 kind, flags;
	u32 pad;
	struct mapped_key key;
};
_Static_assert(sizeof(struct mapped_record) == 24, "mapped_record");

/* call_spec.flags */
enum {
	SPEC_TRACKED = 1,	/* followed from enter to exit */
	SPEC_SHOWN = 2,		/* has rows */
	SPEC_RETURNS_FD = 4,
	SPEC_CWD = 8,		/* its path is the working directory */
	SPEC_ANON_FD = 16,	/* -1 means no descriptor */
	SPEC_NO_RETURN = 32,
	SPEC_CREDENTIALS = 64,	/* may change user, group or name: the task is announced again */
	SPEC_MORE = 128,	/* has roles other than a descriptor and a size */
};
/* Argument positions count from 1; 0 means none. */
struct call_spec {
	u8 flags, fd, file, old_file;
	u8 path, dir, old_path, old_dir;
	u8 size, msg_flags, msg, xattr_args;
	u8 at_flags, from, made_if;
	u8 exits;	/* not 0: its exits are checked; changes each time the call is turned off */
	u8 ring, index_if;	/* a descriptor, or an index if index_if has `flag` */
	u8 made_by;		/* the result is a descriptor if `made` has the bit of this argument's number */
	u8 null_is_dir;		/* a null path means the directory descriptor */
	u32 flag;		/* in at_flags: an empty path means the directory descriptor; without at_flags always */
	u64 made;		/* in made_if: the result is a descriptor only with one of these bits */
};
_Static_assert(sizeof(struct call_spec) == 32, "call_spec");

/* compat_call.form: how the arguments of a call of the 32-bit table become those of the 64-bit call that does the same */
enum {
	COMPAT_UNKNOWN = 0,	/* no 64-bit call does the same */
	COMPAT_SAME = 1,	/* those with a role are in the same places */
	COMPAT_BLOCK = 2,	/* `words` of them are in memory, the first argument points to them (the old mmap) */
	COMPAT_SOCKETCALL = 3,	/* by the first argument one of the calls from `nr` on, the second points to `words` of it */
	COMPAT_IPC = 4,		/* by the first argument one of the calls from `nr` on */
	COMPAT_SPLIT = 5,	/* the third one takes two places (fanotify_mark) */
	COMPAT_LLSEEK = 6,	/* the result is in memory, the fourth points to it */
	COMPAT_READDIR = 7,	/* the result is no number of bytes */
	COMPAT_LOST = 8,	/* not decoded on this architecture */
};
/* A call of the 32-bit table. */
struct compat_call {
	u16 nr;		/* of the 64-bit call that does the same */
	u8 form, words;
};
_Static_assert(sizeof(struct compat_call) == 4, "compat_call");

#define COMPAT_NR 0x20000000	/* added to the number of a call of the 32-bit table that has no other */
#define COMPAT_CALLS 512	/* numbers of the 32-bit table; behind them the calls that share one number */
#define COMPAT_PARTS 32		/* most calls that share one */
struct compat_calls {
	struct compat_call of[CALLS];
};

/* Bits of a verdict byte */
enum {
	VERDICT_KNOWN = 1,
	VERDICT_TRACED = 2,
	VERDICT_FOLLOW = 4,	/* children are selected too */
	VERDICT_LAUNCHING = 8,	/* rows begin with the exec that succeeds */
};

/* filter.judge_files and judge_tasks */
enum {
	JUDGE_NOT = 0,
	JUDGE_WANTED = 1,	/* only what matches a pattern: a call without a file does not match */
	JUDGE_UNWANTED = 2,	/* all but what matches */
};

/* Read-only once loaded. */
struct config {
	u64 start_ns;		/* boot clock at the start of the trace */
	u32 self_pid;
	u32 pid_namespace;	/* inode of ior's pid namespace; 0: the initial one */
	u32 nr_rt_sigreturn, nr_restart_syscall;
	u8 cast;		/* the kernel has bpf_rdonly_cast */
	u8 targets;		/* pids or tids select */
	u8 follow;
	u8 groups;		/* rows have the control group of their thread */
	u32 group_levels;	/* a bit for each level of the hierarchy that selected groups are at; 0: all groups */
	u8 samples;		/* calls may be added up instead of sent */
	u8 extras;		/* what is known of calls beside their records */
	u8 page_shift;		/* of the size of a page, the power of two */
	u8 requests;		/* requests to io_uring may have rows */
	u32 busy_bytes;		/* a ring with more than this in it is busy, one with twice as much is full: see RATE_AUTO */
	u8 row_rings;		/* rows go to the ring of the CPU's group, names to that of all */
	u8 extended;		/* emit_extended sends rows: for one of the above, or for what is known of calls */
	u8 preemptible;		/* the kernel may preempt programs at tracepoints */
	u8 pad[5];
};
_Static_assert(sizeof(struct config) == 48, "config");

/* What a running trace may change, beside the call table. */
struct filter {
	u64 slower_ns;
	u8 failed_only;
	u8 owners;		/* which kinds of owners select */
	u8 judge_tasks;		/* user space judges names of tasks, paths of files */
	u8 judge_files;
	u8 judge_calls;		/* user space judges calls by what it knows of them */
	u8 judge_by_files;	/* and that may be their files */
	u8 pad[2];
};
_Static_assert(sizeof(struct filter) == 16, "filter");

/*
 * Filters are numbered from 0. A change writes the place of the next one, then makes it current: a program reads the
 * number once and so sees one whole filter. A place is written again four changes later.
 */
#define FILTERS 4
struct filters {
	u32 current;
	u32 walk;		/* what ior_walk does */
	struct filter of[FILTERS];
};
_Static_assert(sizeof(struct filters) == 72, "filters");

enum { WALK_JUDGE = 0, WALK_RUNNING = 1 };

/* What the programs report about the started command. */
struct command {
	u64 exec_ns, end_ns;	/* boot clock at its own exec, and at the end of its last thread; 0 until then */
	u32 tgid;		/* in the initial pid namespace */
	u32 children;		/* followed descendants still running, without the command itself */
};
_Static_assert(sizeof(struct command) == 24, "command");

/* In the map pids: this process is not followed, nor are its descendants. */
#define NOT_FOLLOWED 255

/* filter.owners, and filter_owner.kind: the real user or group of a thread */
enum { OWNER_USER = 1, OWNER_GROUP = 2 };

/* Key of a selected user or group. */
struct filter_owner {
	u16 place, kind;
	u32 id;
};
_Static_assert(sizeof(struct filter_owner) == 8, "filter_owner");

/* Calls that have no row: cells of a round, and chunks of their histograms; number 0 of each stands for none. */
#define CELLS 4096
#define CHUNKS 16384
#define OCTAVES 36	/* of 32 buckets, as engine/stats/buckets.ts has them: values below 2^40, for times 18 minutes */
#define TINY_BYTES 256	/* reads and writes of fewer bytes are tiny */

/* Histograms of a cell: of latencies, of gaps, and of the bytes that calls have moved. */
enum { OF_LATENCY = 0, OF_GAP = 1, OF_SIZE = 2 };
#define HISTOGRAMS 3

/* Five lines of the cache. */
struct cell {
	u64 total_ns, bytes;
	u64 max_ns;		/* since the last look */
	u32 calls;
	u32 waits;		/* user space says: its calls wait, see sums.slow_waits_ns */
	u64 gap_ns;		/* of the calls with a gap */
	u64 tiny_ns;		/* of those that moved a few bytes */
	u64 iowait_ns, blocked_ns;	/* as in call_extra */
	u16 chunks[HISTOGRAMS * OCTAVES];	/* where the buckets of each octave are */
	u64 runqueue_ns, fetched_bytes;
	u32 own[6];		/* of a cell that has no record: its key without the round, see CELL_WRITTEN */
};
_Static_assert(sizeof(struct cell) == 320, "cell");

struct chunk {
	u32 of[32];
};
_Static_assert(sizeof(struct chunk) == 128, "chunk");

/* cell_key.kind */
enum {
	CELL_ERROR = 0xffff,
	CELL_HAS_FD = 1 << 16,		/* the calls have a descriptor */
	CELL_NO_RETURN = 1 << 17,	/* they never return */
	CELL_KILLED = 1 << 18,		/* their thread was killed in them */
	CELL_NO_FILES = 1 << 19,	/* their files are not known */
	CELL_OF_PIPE = 1 << 20,		/* beside it: they are on pipes, or on sockets */
	CELL_OF_SOCKET = 1 << 21,
	CELL_NO_TASK = 1 << 22,		/* their thread is not known either; task_id is that of a CPU */
	CELL_WRITTEN = 1 << 23,		/* in cell.own: all of it is written */
};
struct cell_key {
	u32 task_id, nr, file_id, file2_id;
	u32 kind;
	u32 filter, round;
};
_Static_assert(sizeof(struct cell_key) == 28, "cell_key");

/* A path text of calls that are added up: it has a number like a file. */
struct text_record {
	u16 nr;
	u8 kind, flags;
	u32 file_id;
	/* With the bytes that follow, `length` of them, this tells texts apart. */
	u32 base_id;		/* as in call_text */
	u32 old_of;		/* the number of the call after that whose old path it is; 0 for a path */
	u32 bare, length;
};
_Static_assert(sizeof(struct text_record) == 24, "text_record");

/* Sent before a cell is used, after the names it needs. */
struct cell_record {
	u16 nr;
	u8 kind, flags;
	u32 cell;
	struct cell_key key;
	u32 pad;
};
_Static_assert(sizeof(struct cell_record) == 40, "cell_record");

/*
 * In sums.rates: calls of a key that the thread makes again and again are added up unless they are slow, and the others
 * have rows, as long as the ring is not busy. While it is busy, only slow ones have; while it is full, none has: the rest is
 * for names.
 */
#define RATE_AUTO 0xFFFFFFFFU
#define POWERS 64

/* What a running trace may change of the sums. */
struct sums {
	u32 round;
	u32 cells[2], chunks[2];	/* used of the even and the odd rounds */
	u32 raised;		/* rates may be raised: a call with a rate of 1 is added up as well where the ring has no room */
	/* With RATE_AUTO a call that takes this long has a row: one of a cell that does not wait, and of one that does. */
	u64 slow_ns, slow_waits_ns;
	u32 missed[POWERS];	/* slow calls that were added up in a full ring, by the power of two of their latency */
	u32 rates[CALLS];	/* of so many calls of a number one has a row: 1 for all, 0 for none; or RATE_AUTO */
	u8 moves[CALLS];	/* 1 for calls that move bytes */
};
_Static_assert(sizeof(struct sums) == 40 + 4 * POWERS + 5 * CALLS, "sums");

/* Per-CPU counters of lost calls. */
struct losses {
	u64 ring_full, storage_full, skipped, compat_32bit;
	u64 unseen;	/* calls whose exit was seen and whose enter was not: with config.preemptible, at most as many are lost */
};

/* Verdicts of user space, by the low bits of the id: a slot holds the id that is rejected. */
#define REJECTED_SLOTS 65536
#define REJECTED_CHUNK 1024
struct rejected_chunk {
	u32 ids[REJECTED_CHUNK];
};
struct verdict_chunk {
	u8 of[VERDICTS];
	u32 of_command[VERDICTS / 32];	/* one bit per process: the command, or a followed descendant */
};

#endif
