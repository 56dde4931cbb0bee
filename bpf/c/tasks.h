/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Tasks: which are selected, and the small number that user space has a name for. */
#ifndef IOR_TASKS_H
#define IOR_TASKS_H

#include "maps.h"

static __always_inline struct verdict_chunk *chunk_of(u32 tid)
{
	u32 chunk = tid / VERDICTS;

	return bpf_map_lookup_elem(&verdicts, &chunk);
}

/* The verdict byte of a thread number; NULL for a number beyond the pid_max at load. */
static __always_inline u8 *verdict_of(u32 tid)
{
	struct verdict_chunk *v = chunk_of(tid);

	return v ? &v->of[tid % VERDICTS] : NULL;
}

/* The word with the bit of a process that is the command or descends from it; its neighbours' bits are in it too. */
static __always_inline u32 *command_word(u32 tgid)
{
	struct verdict_chunk *v = chunk_of(tgid);

	return v ? &v->of_command[tgid % VERDICTS / 32] : NULL;
}

static __always_inline u32 command_bit(u32 tgid)
{
	return 1U << tgid % 32;
}

/* The launch is over: the command runs from now on. */
static __always_inline void command_begins(u32 tgid)
{
	u32 *word = command_word(tgid);

	if (word)
		__sync_fetch_and_or(word, command_bit(tgid));
	command.tgid = tgid;
	command.exec_ns = bpf_ktime_get_boot_ns();
}

/* A followed process is forked: it is counted if its parent is. */
static __always_inline void count_birth(u32 parent, u32 child)
{
	u32 *of_parent = command_word(parent), *of_child = command_word(child);

	if (!of_parent || !of_child || !(*of_parent & command_bit(parent)))
		return;
	__sync_fetch_and_or(of_child, command_bit(child));
	__sync_fetch_and_add(&command.children, 1);
}

/*
 * A thread ends, and with the last one its process. The kernel lowers the count of live threads before the exit
 * tracepoint (kernel/exit.c, do_exit), so two that end together may both see none left: only one of them takes the bit.
 */
static __always_inline void count_end(struct task_struct *task, u64 now)
{
	u32 tgid = task->tgid, *word = command_word(tgid), bit = command_bit(tgid);

	if (!word || !(*word & bit) || TASK(task, signal)->live.counter)
		return;
	if (!(__sync_fetch_and_and(word, ~bit) & bit))
		return;
	if (tgid == command.tgid && !command.end_ns) /* a descendant may be given its number later */
		command.end_ns = now;
	else
		__sync_fetch_and_add(&command.children, -1);
}

/* The number of a struct pid in ior's own pid namespace, which is not the initial one; 0 when it has none there. */
__noinline u32 number_in_namespace(u64 pid)
{
	u32 level = LOAD(pid, pid, level);

#pragma clang loop unroll(disable)
	for (u32 i = 1; i <= MAX_PID_NS_LEVEL && i <= level; i++) {
		u64 at = pid + bpf_core_field_offset(struct pid, numbers) + i * bpf_core_type_size(struct upid);
		if (LOAD(pid_namespace, LOAD(upid, at, ns), ns.inum) == config.pid_namespace)
			return LOAD(upid, at, nr);
	}
	return 0;
}

/* A task's number in ior's own pid namespace; 0 for a task that is not in it. */
static __always_inline u32 own_number(struct task_struct *task)
{
	return config.pid_namespace ? number_in_namespace(ADDRESS(task, thread_pid)) : task->pid;
}

struct ancestor {
	u64 task;
	u8 found, execs;
};

static long step_to_parent(void *map, u32 *key, u64 *value, struct ancestor *a)
{
	u64 parent = (u64)LOAD(task_struct, a->task, real_parent), leader = (u64)LOAD(task_struct, parent, group_leader);
	u32 pid = config.pid_namespace ? number_in_namespace(ADDRESS((struct task_struct *)leader, thread_pid)) :
					 LOAD(task_struct, leader, pid);
	u8 *execs = bpf_map_lookup_elem(&pids, &pid);

	if (execs) {
		a->found = *execs != NOT_FOLLOWED;
		a->execs = *execs;
	}
	/* The idle task is its own parent. */
	if (execs || leader == a->task)
		return 1;
	a->task = leader;
	return 0;
}

/* The verdict bits that a thread inherits from its nearest selected ancestor. */
__noinline u32 verdict_of_ancestors(u64 leader)
{
	struct ancestor a = { .task = leader };

	bpf_for_each_map_elem(&steps, step_to_parent, &a, 0);
	if (!a.found)
		return 0;
	return VERDICT_TRACED | VERDICT_FOLLOW | (a.execs ? VERDICT_LAUNCHING : 0);
}

/* A thread ends, and with the last one its process: others that are given their numbers are not selected by them. */
static __always_inline void free_numbers(struct task_struct *task)
{
	u32 tid = own_number(task), pid = own_number(TASK(task, group_leader));

	bpf_map_delete_elem(&tids, &tid);
	if (!TASK(task, signal)->live.counter)
		bpf_map_delete_elem(&pids, &pid);
}

/* Decides once whether a thread is selected; `before` holds the bits that a fork or the launch gave it. */
static __noinline u8 judge(struct task_struct *task, u8 before)
{
	u8 verdict = VERDICT_KNOWN | (before & (VERDICT_FOLLOW | VERDICT_LAUNCHING));
	u32 pid = own_number(TASK(task, group_leader)), tid = own_number(task);
	u8 *as_pid = NULL;

	if (pid == config.self_pid)
		return VERDICT_KNOWN;
	if (!config.targets || (before & VERDICT_FOLLOW))
		return verdict | VERDICT_TRACED;
	as_pid = bpf_map_lookup_elem(&pids, &pid);
	if (as_pid) {
		if (*as_pid == NOT_FOLLOWED)
			return VERDICT_KNOWN;
		if (config.follow)
			verdict |= VERDICT_FOLLOW;
		return verdict | VERDICT_TRACED | (*as_pid ? VERDICT_LAUNCHING : 0);
	}
	if (bpf_map_lookup_elem(&tids, &tid))
		verdict |= VERDICT_TRACED;
	if (config.follow)
		verdict |= verdict_of_ancestors(ADDRESS(task, group_leader));
	return verdict;
}

/* The verdict of a task, whose byte is `known` (NULL: it has none); judged now if it has not been. */
static __always_inline u8 verdict_now(struct task_struct *task, u8 *known)
{
	u8 verdict = known ? *known : 0;

	if (!(verdict & VERDICT_KNOWN)) {
		verdict = judge(task, verdict);
		if (known)
			*known = verdict;
	}
	return verdict;
}

/* True when the current thread has a user and a group that the filter in a place selects: of the kinds given, or any. */
__noinline int is_of_owners(u32 kinds, u32 place)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct filter_owner user = { place, OWNER_USER, TASK(task, real_cred)->uid.val };
	struct filter_owner group = { place, OWNER_GROUP, TASK(task, real_cred)->gid.val };

	return (!(kinds & OWNER_USER) || bpf_map_lookup_elem(&owners, &user)) &&
	       (!(kinds & OWNER_GROUP) || bpf_map_lookup_elem(&owners, &group));
}

static __always_inline bool rejected(void *map, u32 id)
{
	u32 chunk = id % REJECTED_SLOTS / REJECTED_CHUNK;
	struct rejected_chunk *c = bpf_map_lookup_elem(map, &chunk);

	return c && c->ids[id % REJECTED_CHUNK] == id;
}

/* True when the task still has the name under which it was announced. */
static __always_inline bool has_name(struct task_struct *task, struct task_state *s)
{
	u64 *comm = (u64 *)task->comm;

	return comm[0] == s->comm[0] && comm[1] == s->comm[1];
}

/* True when user space knows the task by its name and control group of now. */
static __always_inline bool is_announced(struct task_struct *task, struct task_state *s, u64 group)
{
	return s->task_id && has_name(task, s) && s->group == group;
}

/* The same, and user space will not drop it soon. */
static __always_inline bool has_current_name(struct task_struct *task, struct task_state *s, u64 group)
{
	return is_announced(task, s, group) && next_task - s->task_id < TASK_AGE;
}

/* Sends the task's name when it is new or has changed. False when the ring is full. */
static __always_inline bool announce_task(struct task_struct *task, struct task_state *s, u64 group)
{
	u64 *comm = (u64 *)task->comm;

	if (has_current_name(task, s, group))
		return true;
	struct task_record *r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return false;
	s->task_id = __sync_fetch_and_add(&next_task, 1) + 1;
	s->comm[0] = comm[0];
	s->comm[1] = comm[1];
	s->group = group;
	r->nr = BIG_NR;
	r->kind = NAME_TASK;
	r->flags = CALL_NAME;
	r->task_id = s->task_id;
	r->pid = own_number(TASK(task, group_leader));
	r->tid = own_number(task);
	r->uid = TASK(task, real_cred)->uid.val;
	r->gid = TASK(task, real_cred)->gid.val;
	r->group = group;
	r->comm[0] = s->comm[0];
	r->comm[1] = s->comm[1];
	r->process_start_ns = TASK(task, group_leader)->start_boottime - config.start_ns;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return true;
}

#endif
