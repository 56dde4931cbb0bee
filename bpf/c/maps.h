/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The maps, and the state of a thread. Entries of maps sized at load are given a floor here.
 *
 * Functions that are not static are verified once by themselves instead of at each call: that keeps the load fast.
 * Their arguments may be null to the verifier, and none of them can be a pointer to a kernel object.
 */
#ifndef IOR_MAPS_H
#define IOR_MAPS_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"

#define FILES 32768		/* names kept at once: about 4 MB; a file beyond is announced again */
#define NAME_BYTES (NAME_MAX + 1)
#define KEY_DELETED (1ULL << 63)	/* beside the number in file_key.inode */
#define CACHED_FILES 8		/* per thread, saves the lookup for the files it used last; a power of two */
#define PENDING 8		/* interrupted calls kept under nested signal handlers */

struct file_key {
	u64 dentry;	/* 0: no file */
	u64 chain;	/* hash of the names up to the root; a socket's addresses */
	u64 inode;	/* number, and whether it is deleted */
};

/* Why a call that is still open will have no row. */
enum { LOST_NOT = 0, LOST_RING = 1, LOST_STORAGE = 2 };

struct call_state {
	struct call_record record;	/* as it will be sent: duration, result and task come at the exit */
	u64 sp, ip;		/* where the call was made: a restart comes from the same place */
	u64 path_pointer, old_path_pointer;
	u64 serial;
	u32 nr, named_at;	/* names announced when it entered */
	u32 base_id, old_base_id, text_status;
	u32 filter;		/* number of the filter at its enter */
	s32 dir, old_dir;
	u8 open, lost;
	u8 spec_flags, interrupted;	/* a handler ran since; armed when its end starts the call again */
	u8 two_texts, not_made;	/* not_made: the result is no descriptor */
	u8 empty_is_dir;	/* an empty path means the directory descriptor */
	u8 null_path;		/* so does a null one, unless the call refuses it */
};
enum { NULL_NOT = 0, NULL_SEEN = 1, NULL_SHOWN = 2 /* the descriptor is the row's */ };
enum { INTERRUPTED_NOT = 0, INTERRUPTED_HANDLER = 1, INTERRUPTED_ARMED = 2 };

struct cached_file {
	struct file_key key;
	u32 id, pad;
};

struct task_state {
	struct call_state call;
	/* Arguments of intern(): a kernel pointer cannot be one, its value read back from memory can. */
	u64 dentry, mnt, inode;
	u64 last_exit_ns;
	u64 comm[2];
	u32 task_id, depth;
	struct cached_file cache[CACHED_FILES];
	struct call_state pending[PENDING];
};

/* Path arguments of a thread's call, laid out as the record they are sent in. */
struct text_state {
	u64 owner;	/* serial of the call that the bytes belong to */
	struct call_record record;
	struct call_text text;
	char bytes[TEXTS_MAX];
};

/* A position on the way from a file to the root of its mount namespace (fs/d_path.c, prepend_path). */
struct place {
	u64 dentry, mount, root;
	u64 hash;
	u32 done, length;
};

_Static_assert(sizeof(struct text_state) < 7936, "text_state and the kernel's own fields around it");

struct file_scratch {
	struct file_record record;
	char data[WALK_MAX + NAME_BYTES];
	struct place place;	/* not on the stack, which six nested calls share */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} ring SEC(".maps");

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

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FILES);
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

/* Requests given to io_uring, by process. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
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

/* One byte a thread number: a thread that is not selected costs one load. Sized for the machine's pid_max. */
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
ID_SET(uids, struct filter_uid);

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

/* Used between two instructions that cannot be preempted: the enter and exit tracepoints run with preemption off. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct file_scratch);
} scratch SEC(".maps");

/* Walked with bpf_for_each_map_elem, the oldest kernel's loop: one element is one step. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2304); /* 4,095 bytes of one-letter names, and the mounts above */
	__type(key, u32);
	__type(value, u64);
} steps SEC(".maps");

SEC(".rodata.config") const volatile struct config config;

/* A section of its own is a map of one entry that user space can map. */
SEC(".data.filters") struct filters filters;

SEC(".data.command") struct command command;

/* The number of the current filter: to be asked once a run. */
static __always_inline u32 current_filter(void)
{
	return *(volatile u32 *)&filters.current;
}

u32 next_task, next_file;

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

/*
 * Reads a field of a kernel object whose address is known and whose type the verifier does not know: at the cost of
 * a load where the kernel has bpf_rdonly_cast (6.2), by a probe read where not. The verifier drops the other way.
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
 * Reads a pointer of a task. The verifier searches all of the kernel's types for each pointer read of a trusted
 * object, about a millisecond each: a cast task is not trusted. Older kernels do not search.
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

/* A pointer of a task as a number, which functions verified by themselves may be given. */
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
