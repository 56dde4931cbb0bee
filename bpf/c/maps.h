/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The maps, and the state of a thread. Maps that are sized at load have their minimum size here.
 *
 * The verifier checks a function that is not static once, by itself, instead of at each call: that keeps loading fast.
 * It assumes that any pointer argument may be null, and accepts none to a kernel object.
 */
#ifndef IOR_MAPS_H
#define IOR_MAPS_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"

#define NAME_BYTES (NAME_MAX + 1)
#define KEY_DELETED (1ULL << 63)	/* in file_key.inode, beside the number */
#define CACHED_FILES 8		/* per thread, saves the lookup of files used recently; a power of two */
#define CACHED_CELLS 64		/* per thread; a power of two */
#define PENDING 8		/* interrupted calls kept under nested signal handlers */

struct file_key {
	u64 dentry;	/* 0: no file */
	u64 chain;	/* hash of the names up to the root; a socket's addresses */
	u64 inode;	/* number, and whether it is deleted */
};

/* Why a call that is still open will have no row. */
enum { LOST_NOT = 0, LOST_RING = 1, LOST_STORAGE = 2 };

struct call_state {
	struct call_record record;	/* as it will be sent; duration, result and task are set at exit */
	u64 sp, ip;		/* where the call was made: a restart comes from the same place */
	u64 path_pointer, old_path_pointer;
	u64 serial;
	u64 group;		/* id of the thread's control group when it entered */
	u32 nr, named_at;	/* named_at: the newest file number when it entered */
	u32 base_id, old_base_id, text_status;
	u32 filter;		/* number of the filter it entered under */
	s32 dir, old_dir;
	u8 open, lost;
	u8 spec_flags, interrupted;	/* a handler has run since; armed when its end restarts the call */
	u8 two_texts, not_made;	/* not_made: the result is not a descriptor */
	u8 empty_is_dir;	/* an empty path means the directory descriptor */
	u8 null_path;		/* so does a null path, unless the call refuses it */
	u8 exits;		/* of its spec when it entered */
};
enum { NULL_NOT = 0, NULL_SEEN = 1, NULL_SHOWN = 2 /* the row shows the descriptor */,
       NULL_LLSEEK = 3 /* not a path: path_pointer says where the result will be */ };
enum { INTERRUPTED_NOT = 0, INTERRUPTED_HANDLER = 1, INTERRUPTED_ARMED = 2 };

/*
 * Where a thread is for the programs about calls, each of which has a twin that runs after it: see ior_enter_again. ENTERED and
 * LEFT are set by the first of two, INSIDE and OUTSIDE by the second.
 */
enum { OUTSIDE = 0, ENTERED = 1, INSIDE = 2, LEFT = 3 };

struct cached_file {
	struct file_key key;
	u32 id, pad;
};

struct cached_cell {
	struct cell_key key;
	u32 number;	/* of the cell; from SEEN on: it has none, and how often the key was met */
};
#define SEEN 0x80000000U
#define SEEN_OFTEN 16	/* a cell costs ior as much as a dozen rows: a key that is met as often gets one */

struct task_state {
	struct call_state call;
	/* Arguments of intern(): it cannot be passed a kernel pointer, but can read one's value back from memory. */
	u64 dentry, mnt, inode;
	u64 last_exit_ns;
	u64 comm[2], group;	/* as announced under task_id */
	u32 task_id, depth;
	u32 stage, pad;		/* with config.preemptible */
	struct cached_file cache[CACHED_FILES];
	struct cached_cell cells[CACHED_CELLS];
	struct call_state pending[PENDING];
};

/* A record as it is sent where more is known of each call. */
struct extended_record {
	struct call_record record;
	struct call_extra extra;
};

/* Path arguments of a thread's call, laid out as the record they are sent in. */
struct text_state {
	u64 owner;	/* serial of the call that the bytes belong to */
	union {
		struct extended_record extended;
		struct {
			u64 no_extra[sizeof(struct call_extra) / 8];
			struct call_record record;
		};
	};
	struct call_text text;
	char bytes[TEXTS_MAX];
};

/* A position on the way from a file to the root of its mount namespace (fs/d_path.c, prepend_path). */
struct place {
	u64 dentry, mount, root;
	u64 hash;
	u32 done, length;
};

_Static_assert(sizeof(struct text_state) < 7936, "text_state and the kernel's own fields around it fit in two pages");

struct file_scratch {
	struct file_record record;
	char data[WALK_MAX + NAME_BYTES];
	struct place place;	/* not on the stack, whose 512 bytes the nested functions share */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} ring SEC(".maps");

/* The rings of rows by CPU, made by user space; several CPUs have the same. Empty unless config.row_rings. */
struct row_ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct row_ring);
} row_rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct text_state);
} texts SEC(".maps");

/* The numbers of files. One that was driven out is announced again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct file_key);
	__type(value, u32);
} files SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, CALLS);
	__type(key, u32);
	__type(value, struct call_spec);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct compat_calls);
} compat SEC(".maps");

/* Requests submitted to io_uring that have no row, by process. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, u32);
	__type(value, u64);
} uring_requests SEC(".maps");

/* Texts of an interrupted call, while the calls of a signal handler use the thread's buffer. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct text_state);
} texts_aside SEC(".maps");

/* One byte per thread number: a thread that is not selected costs one load. Sized for the machine's pid_max. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, u32);
	__type(value, struct verdict_chunk);
} verdicts SEC(".maps");

#define ID_SET(name, id) \
	struct { \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 4096); \
		__type(key, id); \
		__type(value, u8); \
	} name SEC(".maps")
ID_SET(pids, u32);	/* value: execs until the rows of a started command begin, or NOT_FOLLOWED */
ID_SET(tids, u32);
ID_SET(owners, struct filter_owner);

#define REJECTED(name) \
	struct { \
		__uint(type, BPF_MAP_TYPE_ARRAY); \
		__uint(map_flags, BPF_F_MMAPABLE); \
		__uint(max_entries, REJECTED_SLOTS / REJECTED_CHUNK); \
		__type(key, u32); \
		__type(value, struct rejected_chunk); \
	} name SEC(".maps")
REJECTED(rejected_tasks);
REJECTED(rejected_files);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct losses);
} losses SEC(".maps");

/* Its users cannot be preempted: the enter and exit tracepoints run with preemption disabled. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct file_scratch);
} scratch SEC(".maps");

/* Walked with bpf_for_each_map_elem, a loop that the oldest supported kernel has: one element is one step. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2304); /* 4,095 bytes of one-letter names, and the mounts above */
	__type(key, u32);
	__type(value, u64);
} steps SEC(".maps");

SEC(".rodata.config") const volatile struct config config;

/* A section of its own becomes a map of one entry, which user space can mmap. */
SEC(".data.filters") struct filters filters;

SEC(".data.command") struct command command;

/* The number of the current filter. A program reads it once per run. */
static __always_inline u32 current_filter(void)
{
	return *(volatile u32 *)&filters.current;
}

/* The ring of the rows of this CPU, with config.row_rings. */
static __always_inline void *row_ring(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&row_rings, &cpu);
}

u32 next_task, next_file;

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

extern void bpf_preempt_disable(void) __ksym __weak;
extern void bpf_preempt_enable(void) __ksym __weak;

/*
 * From 7.0 on the kernel may preempt programs at tracepoints: another thread's program would use the same scratch memory of the
 * CPU, and would be skipped when it is the same one. Between these it may not.
 */
static __always_inline void hold_cpu(void)
{
	if (config.preemptible)
		bpf_preempt_disable();
}

static __always_inline void release_cpu(void)
{
	if (config.preemptible)
		bpf_preempt_enable();
}

/* What `work` returns, which runs between the two. */
#define HELD(work) \
	({ \
		hold_cpu(); \
		int held = (work); \
		release_cpu(); \
		held; \
	})

/*
 * Reads a field of a kernel object by its address, of a type that the verifier does not know: with a plain load if
 * the kernel has bpf_rdonly_cast (6.2), else with a probe read. The verifier removes the branch that is not taken.
 */
#define LOAD(type, address, field) \
	({ \
		u64 load_from = (u64)(address); \
		typeof(((struct type *)0)->field) loaded; \
		if (config.cast) \
			loaded = ((struct type *)bpf_rdonly_cast((void *)load_from, \
								 bpf_core_type_id_kernel(struct type)))->field; \
		else \
			bpf_probe_read_kernel(&loaded, sizeof(loaded), &((struct type *)load_from)->field); \
		loaded; \
	})

/*
 * Reads a pointer field of a task. For each pointer read from a trusted object, the verifier searches all of the
 * kernel's types, which takes about a millisecond; a cast task is not trusted. Older kernels do not search.
 */
#define TASK(task, field) \
	({ \
		typeof(((struct task_struct *)0)->field) of_task; \
		if (config.cast) \
			of_task = ((struct task_struct *)bpf_rdonly_cast( \
					   (task), bpf_core_type_id_kernel(struct task_struct)))->field; \
		else \
			of_task = (task)->field; \
		of_task; \
	})

/* A pointer field of a task as a number, which can be passed to functions that are verified by themselves. */
#define ADDRESS(task, field) \
	({ \
		u64 address = 0; \
		bpf_core_read(&address, sizeof(address), &(task)->field); \
		address; \
	})

#define LOSE(counter) \
	do { \
		u32 zero = 0; \
		struct losses *l = bpf_map_lookup_elem(&losses, &zero); \
		if (l) \
			l->counter++; \
	} while (0)

#endif
