/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Sums in place of rows. A call that has no row is added to a cell: that of its thread, call, files, error and filter.
 * User space reads cells as memory and takes what has grown since its last look. A cell is written by its thread alone,
 * so plain additions do.
 *
 * Cells live for a round. User space begins the next round when half of the cells are used; the half of the round before
 * is read a last time and emptied once no program can hold one of its cells any more. What finds no cell is a row.
 */
#ifndef IOR_SUMS_H
#define IOR_SUMS_H

#include "maps.h"

/* Both sized at load: without --sample there is one of each. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cell);
} cells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct chunk);
} chunks SEC(".maps");

/*
 * Where the cell of a key is. An entry that is driven out costs its key a second cell, which is as good; those of rounds
 * that are over are never asked for, and leave by themselves.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct cell_key);
	__type(value, u32);
} cell_numbers SEC(".maps");

/* Calls until the next turn of a call on this CPU, and which of them has the row. */
struct turn {
	u32 left, row;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CALLS);
	__type(key, u32);
	__type(value, struct turn);
} turns SEC(".maps");

SEC(".data.sums") struct sums sums;

/* The number of the bucket that a store makes visible: what was written before it is visible then. */
#if defined(__TARGET_ARCH_x86)
#define COUNT_LAST(counter) ((counter)++)	/* stores are seen in their order */
#else
#define COUNT_LAST(counter) ((void)__sync_fetch_and_add(&(counter), 1))
#endif

/*
 * True when the call has a row: of each `rate` calls of its number that end on this CPU one has, drawn anew each time,
 * so that every call has the same chance, whatever pattern a program has.
 */
static __always_inline bool has_row(u32 index, u32 rate)
{
	struct turn *t = bpf_map_lookup_elem(&turns, &index);

	if (!rate || !t)
		return !t;
	if (!t->left || t->left > rate) {
		t->left = rate;
		t->row = bpf_get_prandom_u32() % rate;
	}
	t->left--;
	return t->left == t->row;
}

static __always_inline bool is_error(s64 ret)
{
	return ret < 0 && ret >= -4095;
}

static __always_inline bool same_key(struct cell_key *a, struct cell_key *b)
{
	return a->task_id == b->task_id && a->nr == b->nr && a->file_id == b->file_id && a->file2_id == b->file2_id &&
	       a->kind == b->kind && a->filter == b->filter && a->round == b->round;
}

/* The number of a key's cell, which is announced when it is new; 0 when there is no room for it. */
static __noinline u32 find_cell(struct cell_key *key)
{
	u32 *known = bpf_map_lookup_elem(&cell_numbers, key), number;
	u32 half = key->round & 1;

	if (known)
		return *known;
	if (sums.cells[half] >= CELLS - 1)
		return 0;
	struct cell_record *r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return 0;
	number = __sync_fetch_and_add(&sums.cells[half], 1) + 1;
	if (number >= CELLS) {
		bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
		return 0;
	}
	number += half * CELLS;
	r->nr = BIG_NR;
	r->kind = NAME_CELL;
	r->flags = CALL_NAME;
	r->cell = number;
	r->key = *key;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	bpf_map_update_elem(&cell_numbers, key, &number, BPF_ANY);
	return number;
}

/* Which 32 buckets a latency belongs to: those below 32, then one for each power of two. */
static __always_inline u32 octave_of(u64 ns)
{
	u32 power = 0;

	for (u32 step = 32; step; step >>= 1) {
		if (ns >> step) {
			ns >>= step;
			power += step;
		}
	}
	return power < 5 ? 0 : power - 4;
}

/* Adds the finished call to its cell, which the thread remembers. False when it needs a row for want of room. */
static __always_inline bool add_to_cell(struct task_state *s, struct call_state *c)
{
	struct call_record *r = &c->record;
	u64 ns = r->duration_ns;
	u32 octave = octave_of(ns);

	if (octave >= OCTAVES)
		return false;
	struct cell_key key = {
		.task_id = s->task_id,
		.nr = c->nr,
		.file_id = r->file_id,
		.file2_id = r->file2_id,
		.kind = (is_error(r->ret) ? -r->ret : 0) | (r->fd != NO_FD || (r->flags & CALL_LEAST_FD) ? CELL_HAS_FD : 0),
		.filter = c->filter,
		.round = *(volatile u32 *)&sums.round,
	};
	u32 at = (key.file_id * 7 + key.nr + key.kind) & (CACHED_CELLS - 1);
	struct cached_cell *cached = &s->cells[at];
	if (!cached->number || !same_key(&cached->key, &key)) {
		u32 found = find_cell(&key);
		if (!found)
			return false;
		cached->key = key;
		cached->number = found;
	}
	u32 number = cached->number; /* older kernels take keys from the stack only */
	struct cell *cell = bpf_map_lookup_elem(&cells, &number);
	if (!cell)
		return false;
	u32 half = key.round & 1, chunk = cell->chunks[octave];
	if (!chunk) {
		if (sums.chunks[half] >= CHUNKS - 1)
			return false;
		chunk = __sync_fetch_and_add(&sums.chunks[half], 1) + 1;
		if (chunk >= CHUNKS)
			return false;
		cell->chunks[octave] = chunk;
	}
	chunk += half * CHUNKS;
	struct chunk *counts = bpf_map_lookup_elem(&chunks, &chunk);
	if (!counts)
		return false;
	cell->total_ns += ns;
	if (r->gap_ns != NO_NS)
		cell->gap_ns += r->gap_ns;
	if (r->ret > 0 && !(r->flags & CALL_PEEK))
		cell->bytes += r->size == ~0U || r->ret < r->size ? r->ret : r->size;
	if (ns > cell->max_ns)
		cell->max_ns = ns;
	cell->calls++;
	COUNT_LAST(counts->of[(octave ? ns >> (octave - 1) : ns) & 31]);
	return true;
}

/*
 * True when the call was added up and needs no row. Calls whose path is a text, those that were restarted and those that do
 * not return always have one: they are few, and what a row says of them no cell does.
 */
static __noinline bool is_summed(struct task_state *s, struct call_state *c)
{
	u32 index = c->nr < CALLS - 1 ? c->nr : CALLS - 1;
	u32 rate = *(volatile u32 *)&sums.rates[index];

	if (rate == 1 || c->record.restarts || (c->record.flags & (CALL_TEXT | CALL_KILLED | CALL_NO_RETURN)))
		return false;
	return !has_row(index, rate) && add_to_cell(s, c);
}

#endif
