/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Mapped I/O, for EXTRA_MAPPED: what a thread reads of files by page faults, outside of any call. A fault begins with its
 * address; the pages that it adds to the page cache, and its end if it was a major one, count for the file that is mapped
 * there. Sums are per thread, so each has one writer, and plain additions do.
 */
#ifndef IOR_FAULTS_H
#define IOR_FAULTS_H

#include "calls.h"
#include "files.h"
#include "groups.h"
#include "tasks.h"
#include <bpf/bpf_tracing.h>

/* In fault_state.mapping: no file that counts is mapped there. */
#define NO_MAPPING 1

/* The last page fault of a thread. */
struct fault_state {
	u64 address, start_ns;
	u64 mapping;		/* pages of this one count; 0: it is not known yet */
	struct mapped_key key;
	u64 missed_bytes;	/* counted as missed while it was not known */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct fault_state);
} faults SEC(".maps");

/* Sized at load. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct mapped_key);
	__type(value, struct mapped_sum);
} mapped SEC(".maps");

/* What is in no sum: there was no room for it, or the address space was being changed by another thread. */
SEC(".data.mapped") struct mapped_sum mapped_missed;

static __always_inline void miss(u64 bytes, u64 major, u64 ns)
{
	__sync_fetch_and_add(&mapped_missed.bytes, bytes);
	__sync_fetch_and_add(&mapped_missed.faults, major);
	__sync_fetch_and_add(&mapped_missed.fault_ns, ns);
}

/* The sum of a key, which is announced when it is new. NULL when there is no room for it. */
static __always_inline struct mapped_sum *sum_of(struct mapped_key *key)
{
	struct mapped_sum *sum = bpf_map_lookup_elem(&mapped, key), none = {};

	if (sum)
		return sum;
	struct mapped_record *r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return NULL;
	if (bpf_map_update_elem(&mapped, key, &none, BPF_ANY)) {
		bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
		return NULL;
	}
	r->nr = BIG_NR;
	r->kind = NAME_MAPPED;
	r->flags = CALL_NAME;
	r->pad = 0;
	r->key = *key;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return bpf_map_lookup_elem(&mapped, key);
}

static __always_inline void count_mapped(struct fault_state *f, u64 bytes, u64 major, u64 ns)
{
	struct mapped_key key = f->key; /* older kernels take keys from the stack only */
	struct mapped_sum *sum = key.file_id ? sum_of(&key) : NULL;

	if (!sum) {
		miss(bytes, major, ns);
		return;
	}
	sum->bytes += bytes;
	sum->faults += major;
	sum->fault_ns += ns;
}

static long note_file(struct task_struct *task, struct vm_area_struct *vma, u64 *file)
{
	*file = (u64)vma->vm_file;
	return 0;
}

/*
 * The path of a mapped file as the program knows it. What overlayfs maps is a file of a layer, whose mount is in no namespace,
 * as those are that the kernel makes for itself; the program's path is kept beside it.
 */
static __always_inline void note_path(struct task_state *s, u64 file)
{
	u64 mnt = (u64)LOAD(file, file, f_path.mnt), dentry = (u64)LOAD(file, file, f_path.dentry);

	s->inode = (u64)LOAD(file, file, f_inode);
	if (bpf_core_field_exists(((struct backing_file *)0)->user_path)) {
		u64 mount = mnt - bpf_core_field_offset(struct mount, mnt);
		u64 sb = (u64)LOAD(dentry, dentry, d_sb);
		if ((s64)LOAD(mount, mount, mnt_ns) == MNT_NS_INTERNAL && !(LOAD(super_block, sb, s_flags) & SB_KERNMOUNT)) {
			dentry = (u64)LOAD(backing_file, file, user_path.dentry);
			mnt = (u64)LOAD(backing_file, file, user_path.mnt);
			s->inode = (u64)LOAD(dentry, dentry, d_inode);
		}
	}
	s->dentry = dentry;
	s->mnt = mnt;
}

/* True when mapped I/O of the current thread may be selected: a fault has no result and no latency to be judged by. */
static __always_inline bool may_select(struct filter *f, u32 place)
{
	return !f->failed_only && !f->slower_ns && (!f->owners || is_of_owners(f->owners, place)) && in_selected_group();
}

/* Finds whose pages the fault of the current thread asks for. False when that cannot be told now. */
__noinline int find_mapping(struct fault_state *f)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u32 number = current_filter();
	struct filter *filter = &filters.of[number % FILTERS];
	u64 file = 0, group = current_group();

	if (!f)
		return 0;
	/* It only tries to take the lock of the address space. */
	if (bpf_find_vma(task, f->address, note_file, &file, 0) == -EBUSY)
		return 0;
	f->mapping = NO_MAPPING;
	f->key.file_id = 0;
	if (!file || !may_select(filter, number % FILTERS))
		return 1;
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!s)
		return 0;
	f->mapping = (u64)LOAD(file, file, f_mapping);
	note_path(s, file);
	if ((config.groups && group != s->group && !announce_group()) || !announce_task(task, s, group))
		return 1;
	f->key.task_id = s->task_id;
	f->key.filter = number;
	f->key.file_id = intern(s, CACHED_FILES - 1);
	if ((filter->judge_tasks && rejected(&rejected_tasks, s->task_id)) ||
	    (filter->judge_files && rejected(&rejected_files, f->key.file_id)))
		f->mapping = NO_MAPPING;
	return 1;
}

/* Pages of `mapping` are added to the page cache, by a thread that is in no call of which that is counted. */
static __always_inline void fault_fetches(struct task_struct *task, u64 mapping, u64 bytes)
{
	struct fault_state *f = bpf_task_storage_get(&faults, task, 0, 0);

	/* A call has a number, also one that is not selected. */
	if (!f || LEFT_NR((struct pt_regs *)bpf_task_pt_regs(task)) >= 0)
		return;
	if (!f->mapping && !find_mapping(f)) {
		f->missed_bytes += bytes;
		miss(bytes, 0, 0);
		return;
	}
	if (f->mapping != mapping)
		return;
	if (f->missed_bytes) {
		bytes += f->missed_bytes;
		miss(-f->missed_bytes, 0, 0);
		f->missed_bytes = 0;
	}
	count_mapped(f, bytes, 0, 0);
}

/* A program touches a page that is not in its page table. */
static __always_inline int fault_begins(u64 address)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u8 verdict = verdict_now(task, verdict_of(task->pid));

	if (!(verdict & VERDICT_TRACED) || (verdict & VERDICT_LAUNCHING))
		return 0;
	struct fault_state *f = bpf_task_storage_get(&faults, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!f)
		return 0;
	f->address = address;
	f->start_ns = bpf_ktime_get_boot_ns();
	f->mapping = f->missed_bytes = 0;
	return 0;
}

SEC("tp_btf/page_fault_user")
int BPF_PROG(ior_fault, unsigned long address)
{
	return fault_begins(address);
}

/* The same where the kernel has no such tracepoint: the event PERF_COUNT_SW_PAGE_FAULTS. */
SEC("perf_event")
int ior_fault_event(struct bpf_perf_event_data *ctx)
{
	return fault_begins(ctx->addr);
}

/* The end of a major fault: the event PERF_COUNT_SW_PAGE_FAULTS_MAJ. */
SEC("perf_event")
int ior_major(struct bpf_perf_event_data *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct fault_state *f = bpf_task_storage_get(&faults, task, 0, 0);
	u64 ns;

	if (!f)
		return 0;
	ns = bpf_ktime_get_boot_ns() - f->start_ns;
	if (!f->mapping && !find_mapping(f)) {
		miss(0, 1, ns);
		return 0;
	}
	if (f->mapping == NO_MAPPING)
		return 0;
	count_mapped(f, f->missed_bytes, 1, ns);
	miss(-f->missed_bytes, 0, 0);
	f->missed_bytes = 0;
	return 0;
}

#endif
