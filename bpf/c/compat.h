/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Calls of the 32-bit table: i386 programs on x86-64, and int 0x80 in any. Each becomes the 64-bit call that does the same,
 * with the arguments of that one, and is traced as such. Other architectures do not decode them.
 */
#ifndef IOR_COMPAT_H
#define IOR_COMPAT_H

#include "calls.h"
#include "groups.h"

/* The arguments of a call, from 1 on, as the 64-bit call has them. */
struct compat_args {
	u64 of[8];
	u64 result;		/* where the call puts its result; 0: it returns it */
	u64 unreadable;		/* the arguments are in memory that could not be read */
};

#if defined(__TARGET_ARCH_x86)

#define MESSAGE_SIZE32(pointer) compat_message_size(pointer)

/*
 * Turns the arguments of the 32-bit call `nr` into those of the 64-bit call that does the same, and returns its number; what
 * is no such call has a number of its own, from COMPAT_NR on.
 */
__noinline s64 native_call(struct compat_args *a, u32 nr)
{
	u32 zero = 0, at = nr < COMPAT_CALLS ? nr : CALLS - 1, words[6] = {};
	struct compat_calls *table = bpf_map_lookup_elem(&compat, &zero);
	u64 block;

	if (!table || !a)
		return 0;
	BOUND(at, CALLS);
	struct compat_call *c = &table->of[at];
	block = a->of[1];
	if (c->form == COMPAT_SOCKETCALL || c->form == COMPAT_IPC) {
		/* ipc() has a version in the upper half. */
		u32 part = c->form == COMPAT_IPC ? (u16)a->of[1] : (u32)a->of[1];
		if (part >= COMPAT_PARTS)
			return COMPAT_NR | nr;
		block = a->of[2];
		at = c->nr + part;
		BOUND(at, CALLS);
		c = &table->of[at];
	}
	if (c->form == COMPAT_UNKNOWN)
		return COMPAT_NR | nr;
	if (c->words) {
		u32 bytes = 4 * c->words;
		if (bytes > sizeof(words) || bpf_probe_read_user(words, bytes, (void *)block))
			a->unreadable = 1;
		for (int i = 0; i < 6; i++)
			a->of[i + 1] = words[i];
	}
	if (c->form == COMPAT_SPLIT) {
		a->of[4] = a->of[5];
		a->of[5] = a->of[6];
	} else if (c->form == COMPAT_LLSEEK) {
		a->result = a->of[4];
	} else if (c->form == COMPAT_READDIR) {
		a->of[3] = 0; /* one entry, of which the size is not told */
	}
	return c->nr;
}

/* A call that is not traced enters: one that is still open has returned unseen, and the exit to come is not its own. */
static __always_inline void forget_open(struct task_struct *task)
{
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);

	if (!s || !s->call.open)
		return;
	s->call.open = 0;
	if (s->call.spec_flags & SPEC_SHOWN)
		LOSE(skipped);
}

/* Not on the stack, of whose 512 bytes an enter leaves none. Its user cannot be preempted. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct compat_args);
} compat_scratch SEC(".maps");

int ior_enter32(unsigned long long *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__array(values, int(unsigned long long *));
} compat_programs SEC(".maps") = {
	.values = { (void *)&ior_enter32 },
};

/* The enter of a call of the 32-bit table: the program for them goes on. */
static __always_inline void compat_enter(unsigned long long *ctx)
{
	bpf_tail_call(ctx, &compat_programs, 0);
	LOSE(compat_32bit);
}

#else

#define MESSAGE_SIZE32(pointer) (~0U)

static __always_inline void forget_open(struct task_struct *task)
{
}

static __always_inline void compat_enter(unsigned long long *ctx)
{
	u32 zero = 0;
	struct compat_calls *table = bpf_map_lookup_elem(&compat, &zero);

	if (table && table->of[0].form == COMPAT_LOST && in_selected_group())
		LOSE(compat_32bit);
}

#endif

#endif
