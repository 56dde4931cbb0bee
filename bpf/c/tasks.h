/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Tasks: which are selected, and the small number whose name user space knows. */
#ifndef IOR_TASKS_H
#define IOR_TASKS_H

#include "maps.h"

/* The verdict byte of a thread number; NULL for a number beyond the pid_max of the load. */
static __always_inline u8 *verdict_of(u32 tid)
{
	u32 chunk = tid / VERDICTS;
	struct verdict_chunk *v = bpf_map_lookup_elem(&verdicts, &chunk);

	return v ? &v->of[tid % VERDICTS] : NULL;
}

/* A number as ior's own pid namespace counts it; 0 for a task that is not in it. */
static __always_inline u32 own_number(struct task_struct *task)
{
	struct pid *pid = TASK(task, thread_pid);
	u32 level;

	if (!config.pid_namespace)
		return task->pid;
	level = pid->level;
	for (u32 i = 1; i < 8 && i <= level; i++) {
		u64 at = (u64)pid + bpf_core_field_offset(struct pid, numbers) + i * bpf_core_type_size(struct upid);
		if (LOAD(pid_namespace, LOAD(upid, at, ns), ns.inum) == config.pid_namespace)
			return LOAD(upid, at, nr);
	}
	return 0;
}

/* Decides once whether a thread is selected; `before` holds what a fork or the launch said of it. */
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
		if (config.follow)
			verdict |= VERDICT_FOLLOW;
		return verdict | VERDICT_TRACED | (*as_pid ? VERDICT_LAUNCHING : 0);
	}
	if (bpf_map_lookup_elem(&tids, &tid))
		verdict |= VERDICT_TRACED;
	return verdict;
}

/* The verdict of the current task, whose byte is `known` (if it has one); decided now when it was not yet. */
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

static __always_inline bool rejected(void *map, u32 id)
{
	u32 chunk = id % REJECTED_SLOTS / REJECTED_CHUNK;
	struct rejected_chunk *c = bpf_map_lookup_elem(map, &chunk);

	return c && c->ids[id % REJECTED_CHUNK] == id;
}

/* True when the task still has the name it was announced by. */
static __always_inline bool has_name(struct task_struct *task, struct task_state *s)
{
	u64 *comm = (u64 *)task->comm;

	return comm[0] == s->comm[0] && comm[1] == s->comm[1];
}

/* Sends the task's name when it is new or has changed. False when the ring is full. */
static __always_inline bool announce_task(struct task_struct *task, struct task_state *s)
{
	u64 *comm = (u64 *)task->comm;

	if (s->task_id && has_name(task, s) && next_task - s->task_id < TASK_AGE)
		return true;
	struct task_record *r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return false;
	s->task_id = __sync_fetch_and_add(&next_task, 1) + 1;
	s->comm[0] = comm[0];
	s->comm[1] = comm[1];
	r->nr = BIG_NR;
	r->kind = NAME_TASK;
	r->flags = CALL_NAME;
	r->task_id = s->task_id;
	r->pid = own_number(TASK(task, group_leader));
	r->tid = own_number(task);
	r->uid = TASK(task, real_cred)->uid.val;
	r->pad = 0;
	r->comm[0] = s->comm[0];
	r->comm[1] = s->comm[1];
	r->process_start_ns = TASK(task, group_leader)->start_boottime - config.start_ns;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return true;
}

#endif
