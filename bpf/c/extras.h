/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What is known of a call beside its record, when config.extras asks for it. It is kept apart from the state of the thread:
 * a trace without extras has none of this memory, and the verifier looks at none of these functions.
 */
#ifndef IOR_EXTRAS_H
#define IOR_EXTRAS_H

#include "maps.h"

struct extra_entry {
	u64 serial;	/* of the call */
	struct call_extra extra;
};

/* What a thread that is off the processor waits for. */
enum { WAIT_IO = 0, WAIT_OTHER = 1, WAIT_QUEUE = 2 };

struct extra_state {
	/* The calls of a thread: those that a signal interrupted, as in task_state.pending, and above them the one it is in. */
	struct extra_entry of[PENDING + 1];
	u64 off_ns;	/* boot clock when it left the processor, or began to wait for one; 0 while it runs */
	u32 wait;
	u32 at;		/* the call that it is in */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct extra_state);
} extras SEC(".maps");

/* What is known of the call at `at`; NULL when there is none. */
static __always_inline struct extra_entry *entry_at(struct extra_state *x, u32 at)
{
	asm volatile("" : "+r"(at)); /* older verifiers forget what was tested of a value that is read again */
	return at > PENDING ? NULL : &x->of[at];
}

/* By number of a call: the position of the argument that call_extra.argument has, from 1. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CALLS);
	__type(key, u32);
	__type(value, u8);
} arguments SEC(".maps");

/* Adds the time since `off_ns` to the call that the thread is in. */
static __always_inline void end_wait(struct extra_state *x, u64 now)
{
	struct extra_entry *call = entry_at(x, x->at);
	u64 ns = now - x->off_ns;

	if (!x->off_ns || !call)
		return;
	if (x->wait == WAIT_IO)
		call->extra.iowait_ns += ns;
	else if (x->wait == WAIT_OTHER)
		call->extra.blocked_ns += ns;
	else
		call->extra.runqueue_ns += ns;
	x->off_ns = 0;
}

/*
 * What the calls of a signal handler have waited, and the handler itself, is part of the interrupted call `below`, whose time
 * goes on since its enter. It is added when that call is asked for, or when the handler makes its next call.
 */
static __always_inline void fold_above(struct extra_state *x, u32 below)
{
	for (u32 i = PENDING; i > 0; i--) {
		if (i <= below || i > x->at)
			continue;
		x->of[i - 1].extra.iowait_ns += x->of[i].extra.iowait_ns;
		x->of[i - 1].extra.blocked_ns += x->of[i].extra.blocked_ns;
		x->of[i - 1].extra.runqueue_ns += x->of[i].extra.runqueue_ns;
	}
	if (x->at > below)
		x->at = below;
}

/* The state of the current thread, which waits no longer: the kernel shows most ends of waits, not all. */
static __always_inline struct extra_state *own_extras(u64 flags)
{
	struct extra_state *x = bpf_task_storage_get(&extras, bpf_get_current_task_btf(), 0, flags);

	if (x && x->off_ns)
		end_wait(x, bpf_ktime_get_boot_ns());
	return x;
}

/* At the enter of a call above `depth` interrupted ones. False when there is no memory for it. */
__noinline int begin_extra(u32 depth, u64 serial)
{
	struct extra_state *x = own_extras(BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!x)
		return 0;
	if (depth > 0)
		fold_above(x, depth - 1);
	struct extra_entry *entry = entry_at(x, depth);
	if (!entry)
		return 0;
	__builtin_memset(entry, 0, sizeof(*entry));
	entry->serial = serial;
	x->at = depth;
	return 1;
}

/* What is known of a call of the current thread, mostly of the one it is in; NULL when there was no memory for it. */
static __always_inline struct call_extra *extra_of(u64 serial)
{
	struct extra_state *x = own_extras(0);

	if (!x)
		return NULL;
	for (u32 i = 0; i <= PENDING; i++) {
		if (x->of[i].serial == serial) {
			fold_above(x, i);
			return &x->of[i].extra;
		}
	}
	return NULL;
}

/*
 * Keeps the argument of a call at a place that the map arguments gave, of which a 32-bit program gives the high half apart; one
 * that cannot be read is all ones.
 */
__noinline int note_argument(u64 serial, u32 place, u64 value, u64 high)
{
	struct call_extra *extra = extra_of(serial);

	if (!extra)
		return 0;
	extra->argument = value | high << 32;
	if ((place & ARGUMENT_POINTS) && bpf_probe_read_user(&extra->argument, sizeof(extra->argument), (void *)value))
		extra->argument = ~0ULL;
	return 0;
}

/* Adds what is known of a call to the cell that it is added up in. */
__noinline int add_extra(struct cell *cell, u64 serial)
{
	struct call_extra *extra = extra_of(serial);

	if (!cell || !extra)
		return 0;
	cell->iowait_ns += extra->iowait_ns;
	cell->blocked_ns += extra->blocked_ns;
	cell->runqueue_ns += extra->runqueue_ns;
	cell->fetched_bytes += extra->fetched_bytes;
	return 0;
}

/* The oldest interrupted call had to make room: the others move down. */
__noinline int drop_oldest_extra(void)
{
	struct extra_state *x = own_extras(0);

	if (!x)
		return 0;
	/* The copy goes from low to high addresses, so the ranges may overlap. */
	bpf_probe_read_kernel(&x->of[0], sizeof(x->of[0]) * PENDING, &x->of[1]);
	x->at = PENDING - 1;
	return 0;
}

#endif
