/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Sums in place of rows. A call that has no row is added to a cell: that of its thread, call, files, error and filter.
 * User space reads cells as memory and takes what has grown since its last look. A cell is written by its thread alone,
 * so plain additions do.
 *
 * Cells live for a round. User space begins the next round when most of its cells are used; the half of the round before
 * is read a last time and emptied once no program can hold one of its cells any more. What finds no cell is a row.
 *
 * What few calls need is in global functions, which the verifier looks at once; the rest is in place, which is faster.
 */
#ifndef IOR_SUMS_H
#define IOR_SUMS_H

#include "extras.h"
#include "files.h"

/* Both sized at load: where all calls have rows there is one of each. */
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
 * Where the cell of a key is; 0 for a key that was met once. An entry that is driven out costs its key a second cell, which
 * is as good; those of rounds that are over are never asked for, and leave by themselves.
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

/* Kept for calls that the ring has no room for; half of each for those whose thread is not known either. */
#define UNNAMED_CELLS 512
#define UNNAMED_CHUNKS 2048

#define TEXT_BYTES 256	/* room for a path text that can be part of a sum; calls with a longer one have rows */

/* All that tells texts apart, padded with zeros: two never become one. Fields as in text_record. */
struct text_key {
	u32 base_id, old_of, bare, length;
	char bytes[TEXT_BYTES];
};

/* A text_record and its bytes. */
struct known_text {
	u16 nr;
	u8 kind, flags;
	u32 file_id;
	struct text_key key;
};
_Static_assert(sizeof(struct known_text) == sizeof(struct text_record) + TEXT_BYTES, "known_text");

struct text_number {
	u32 id;		/* 0 until it has one */
	u32 met;	/* how often it was met until then */
};

/* The numbers of texts. One that was driven out is announced again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct text_key);
	__type(value, struct text_number);
} text_numbers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct known_text);
} text_scratch SEC(".maps");

SEC(".data.sums") struct sums sums;

/* Older verifiers do not remember what was tested of a spilled register: the mask is for them. `limit` is a power of two. */
#define BOUND(index, limit) \
	do { \
		asm volatile("" : "+r"(index)); \
		(index) &= (limit) - 1; \
	} while (0)

/* A store that whoever sees it sees all that was written before. Elsewhere only an exchange is: an addition has no order. */
#if defined(__TARGET_ARCH_x86)
/* Stores are seen in their order, which the compiler must keep: volatile alone orders only what is volatile. */
#define STORE_LAST(place, value) \
	do { \
		asm volatile("" ::: "memory"); \
		*(volatile u32 *)&(place) = (value); \
	} while (0)
#else
#define STORE_LAST(place, value) ((void)__sync_lock_test_and_set(&(place), (value)))
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

/*
 * The number of a key's cell, which is announced when it is new; 0 when there is no room for it. A new key gets a cell AT_ONCE,
 * or when it is met AGAIN: a cell takes as much of the ring as a row. With NEVER only a key that has one is found.
 */
enum { NEVER, AGAIN, AT_ONCE };

__noinline u32 find_cell(struct cell_key *wanted, u32 when)
{
	struct cell_key key; /* older kernels take keys from the stack only */
	u32 *known, number = 0;

	if (!wanted)
		return 0;
	key = *wanted;
	known = bpf_map_lookup_elem(&cell_numbers, &key);
	if (known && *known)
		return *known;
	if (when == NEVER)
		return 0;
	if (!known && when == AGAIN) {
		bpf_map_update_elem(&cell_numbers, &key, &number, BPF_ANY);
		return 0;
	}
	u32 half = key.round & 1;
	if (sums.cells[half] >= CELLS - UNNAMED_CELLS)
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
	r->key = key;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	bpf_map_update_elem(&cell_numbers, &key, &number, BPF_ANY);
	return number;
}

/*
 * The same without the ring: user space finds the key in the cell. 0 when the round has given out as many cells as `most`.
 */
__noinline u32 find_own_cell(struct cell_key *wanted, u32 most)
{
	struct cell_key key;
	u32 *known, number, half;
	struct cell *cell;

	if (!wanted)
		return 0;
	key = *wanted;
	known = bpf_map_lookup_elem(&cell_numbers, &key);
	if (known && *known)
		return *known;
	half = key.round & 1;
	if (sums.cells[half] >= most)
		return 0;
	number = __sync_fetch_and_add(&sums.cells[half], 1) + 1;
	if (number >= CELLS)
		return 0;
	number += half * CELLS;
	cell = bpf_map_lookup_elem(&cells, &number);
	if (!cell)
		return 0;
	cell->own[0] = key.task_id;
	cell->own[1] = key.nr;
	cell->own[2] = key.file_id;
	cell->own[3] = key.file2_id;
	cell->own[5] = key.filter;
	STORE_LAST(cell->own[4], key.kind | CELL_WRITTEN);
	bpf_map_update_elem(&cell_numbers, &key, &number, BPF_ANY);
	return number;
}

/* Where the thread remembers a key: with its cell, or how often it was met. A new one takes the place of the one there. */
static __always_inline struct cached_cell *remember(struct task_state *s, struct cell_key *key)
{
	u32 at = (key->file_id * 7 + key->nr + key->kind) * 2654435769U >> 26;

	BOUND(at, CACHED_CELLS);
	struct cached_cell *cached = &s->cells[at];
	if (!same_key(&cached->key, key)) {
		cached->key = *key;
		cached->number = SEEN;
	}
	return cached;
}

static __always_inline bool ring_holds_more_than(u32 bytes)
{
	void *of = config.row_rings ? row_ring() : &ring;

	return of && bpf_ringbuf_query(of, BPF_RB_AVAIL_DATA) > bytes;
}

static __always_inline bool is_busy(void)
{
	return ring_holds_more_than(config.busy_bytes);
}

/* True when half of a round's cells are given out: the others are for keys that are met often, and the round lasts. */
static __always_inline bool has_few_cells(void)
{
	return sums.cells[*(volatile u32 *)&sums.round & 1] >= CELLS / 2;
}

/*
 * The power of two of a number below 2^63; 0 of 0. Without branches, each of which would double what the verifier looks at: a
 * number above a limit makes the difference negative, and its sign is the answer. Below 16, two bits for each are in a word.
 */
static __always_inline u32 power_of(u64 value)
{
	u32 power = 0;

	for (u32 step = 32; step >= 4; step >>= 1) {
		u32 shift = (u32)(((1ULL << step) - 1 - value) >> 63) * step;
		asm volatile("" : "+r"(shift)); /* the compiler would make a branch of it */
		value >>= shift;
		power += shift;
	}
	return power + (0xffffaa50U >> (u32)value * 2 & 3);
}

/* Which 32 buckets a value of a histogram belongs to: those below 32, then one for each power of two. */
static __always_inline u32 octave_of(u64 value)
{
	return power_of(value | 31) - 4;
}

/* So often a text is met in a busy ring before it has a number: its record takes as much of the ring as a row. */
#define MET_OFTEN 8

/*
 * The number of the path, or old path, of a finished call, announced when it is new; 0 when it cannot have one, and with
 * `sparing` until it was met often.
 */
__noinline u32 intern_text(struct text_state *t, struct call_state *c, u32 old, u32 sparing)
{
	struct text_number *known, number = {};
	u32 zero = 0, id;
	struct known_text *k = bpf_map_lookup_elem(&text_scratch, &zero);

	if (!k || !t || !c)
		return 0;
	u32 at = old && (c->text_status & TEXT_PATH) ? t->text.length + 1 : 0;
	u32 length = old ? t->text.old_length : t->text.length;
	if (length >= TEXT_BYTES || at > TEXTS_MAX - TEXT_BYTES)
		return 0;
	__builtin_memset(k, 0, sizeof(*k));
	k->key.base_id = old ? c->old_base_id : c->base_id;
	k->key.old_of = old ? c->nr + 1 : 0;
	k->key.bare = !!(c->text_status & (old ? TEXT_OLD_BARE : TEXT_PATH_BARE));
	k->key.length = length;
	BOUND(length, TEXT_BYTES);
	bpf_probe_read_kernel(k->key.bytes, length, &t->bytes[at]);
	known = bpf_map_lookup_elem(&text_numbers, &k->key);
	if (known && known->id && is_recent(known->id))
		return known->id;
	if (sparing && !known) {
		bpf_map_update_elem(&text_numbers, &k->key, &number, BPF_ANY);
		return 0;
	}
	if (sparing && ++known->met < MET_OFTEN)
		return 0;
	id = new_file_number();
	k->nr = BIG_NR;
	k->kind = NAME_TEXT;
	k->flags = CALL_NAME;
	k->file_id = id;
	if (bpf_ringbuf_output(&ring, k, sizeof(struct text_record) + length, BPF_RB_NO_WAKEUP))
		return 0;
	number.id = id;
	number.met = MET_OFTEN;
	bpf_map_update_elem(&text_numbers, &k->key, &number, BPF_ANY);
	return id;
}

/* The number of a chunk, which is from now on at a place of a cell; 0 when the round has given out as many chunks as `most`. */
__noinline u32 new_chunk(struct cell *cell, u32 place, u32 half, u32 most)
{
	if (!cell || place >= HISTOGRAMS * OCTAVES)
		return 0;
	half &= 1;
	asm volatile("" : "+r"(half)); /* the compiler knows that it is 0 or 1, the verifier does not */
	u32 *used = &sums.chunks[half & 1];
	if (*used >= most)
		return 0;
	u32 chunk = __sync_fetch_and_add(used, 1) + 1;
	if (chunk >= CHUNKS)
		return 0;
	cell->chunks[place] = chunk;
	return chunk;
}

/*
 * The counter of the bucket that a value of a cell's histogram is in; NULL for a value that has none, and when the round has
 * given out as many chunks as `most`.
 */
static __always_inline u32 *counter(struct cell *cell, u32 half, u32 histogram, u64 value, u32 most)
{
	u32 octave = octave_of(value);

	if (octave >= OCTAVES)
		return NULL;
	u32 place = histogram * OCTAVES + octave;
	BOUND(place, 128); /* the last of these is in the cell, though behind its chunks */
	u32 chunk = cell->chunks[place];
	if (!chunk && !(chunk = new_chunk(cell, place, half, most)))
		return NULL;
	u32 number = half * CHUNKS + chunk, above = octave - (octave + 63) / 64; /* bits below those that tell buckets apart */
	struct chunk *counts = bpf_map_lookup_elem(&chunks, &number);
	return counts ? &counts->of[value >> above & 31] : NULL;
}

/*
 * Adds a finished call to a cell of a round, which may have given out as many chunks as `most`. False when there is no room, or
 * it has a row: with `automatic` when it is slow, see RATE_AUTO, unless it `must` be added up.
 */
static __always_inline bool add_to(struct cell *cell, struct call_state *c, u32 half, u32 most, bool automatic, bool must)
{
	struct call_record *r = &c->record;
	u64 ns = r->flags & (CALL_KILLED | CALL_NO_RETURN) ? 0 : r->duration_ns, moved = 0;
	bool is_slow = automatic && ns >= *(volatile u64 *)(cell->waits ? &sums.slow_waits_ns : &sums.slow_ns);

	if (is_slow && !must && !ring_holds_more_than(2 * config.busy_bytes))
		return false;
	u32 index = c->nr < CALLS - 1 ? c->nr : CALLS - 1;
	u32 *latency = counter(cell, half, OF_LATENCY, ns, most), *gap = NULL, *size = NULL;
	if (!latency)
		return false;
	if (r->gap_ns != NO_NS && !(gap = counter(cell, half, OF_GAP, r->gap_ns, most)))
		return false;
	BOUND(index, CALLS);
	if (sums.moves[index] && !is_error(r->ret)) {
		if (r->ret > 0 && !(r->flags & CALL_PEEK))
			moved = r->size == ~0U || r->ret < r->size ? r->ret : r->size;
		size = counter(cell, half, OF_SIZE, moved, most);
		if (!size)
			return false;
		++*size;
		cell->bytes += moved;
		if (moved && moved < TINY_BYTES)
			cell->tiny_ns += ns;
	}
	if (gap) {
		++*gap;
		cell->gap_ns += r->gap_ns;
	}
	if (config.extras)
		add_extra(cell, c->serial);
	cell->total_ns += ns;
	if (ns > cell->max_ns)
		cell->max_ns = ns;
	cell->calls++;
	STORE_LAST(*latency, *latency + 1);
	if (is_slow) {
		u32 power = power_of(ns);
		BOUND(power, POWERS);
		__sync_fetch_and_add(&sums.missed[power], 1);
	}
	return true;
}

/* What the calls of a cell have in common beside names. */
static __always_inline u32 kind_of(struct call_record *r)
{
	return (is_error(r->ret) ? -r->ret : 0) | (r->fd != NO_FD || (r->flags & CALL_LEAST_FD) ? CELL_HAS_FD : 0);
}

/*
 * Adds the finished call to its cell, which the thread remembers. False when it has a row: for want of room, with `automatic`
 * when it is to have one, see RATE_AUTO, and with `sparing` when its key was not met often. The files are those of its record,
 * or of its texts.
 */
static __always_inline bool add_to_cell(struct task_state *s, struct call_state *c, u32 file_id, u32 file2_id,
					bool automatic, bool sparing)
{
	struct cell_key key = {
		.task_id = s->task_id,
		.nr = c->nr,
		.file_id = file_id,
		.file2_id = file2_id,
		.kind = kind_of(&c->record),
		.filter = c->filter,
		.round = *(volatile u32 *)&sums.round,
	};
	struct cached_cell *cached = remember(s, &key);
	if (cached->number >= SEEN) {
		u32 when = AT_ONCE;
		if (sparing && cached->number < SEEN + SEEN_OFTEN)
			when = is_busy() ? AGAIN : NEVER;
		if (when == NEVER)
			cached->number++;
		if (automatic && when == NEVER)
			return false;
		u32 found = find_cell(&key, when);
		if (!found)
			return false;
		cached->number = found;
	}
	u32 number = cached->number; /* older kernels take keys from the stack only */
	struct cell *cell = bpf_map_lookup_elem(&cells, &number);
	return cell && add_to(cell, c, key.round & 1, CHUNKS - UNNAMED_CHUNKS, automatic, false);
}

/*
 * True when the call was added up and needs no row. Calls whose path could not be read, those that were restarted and those
 * that do not return always have one: they are few, and what a row says of them no cell does. `t` has the texts of a call
 * with texts; to give them numbers costs as much as a row, and is left to a busy ring with RATE_AUTO.
 */
static __always_inline bool is_summed(struct task_state *s, struct call_state *c, struct text_state *t)
{
	u32 index = c->nr < CALLS - 1 ? c->nr : CALLS - 1;
	BOUND(index, CALLS);
	u32 rate = *(volatile u32 *)&sums.rates[index];
	u32 file_id = c->record.file_id, file2_id = c->record.file2_id;
	bool automatic = rate == RATE_AUTO, sparing = automatic || (!rate && (has_few_cells() || is_busy()));

	if (rate == 1 || c->record.restarts || (c->record.flags & (CALL_KILLED | CALL_NO_RETURN)))
		return false;
	if (!automatic && has_row(index, rate))
		return false;
	if (c->record.flags & CALL_TEXT) {
		if (!t || (c->text_status & (TEXT_FAULT | TEXT_TRUNCATED)) || (sparing && !is_busy()))
			return false;
		file_id = file2_id = 0;
		if ((c->text_status & TEXT_PATH) && !(file_id = intern_text(t, c, 0, sparing)))
			return false;
		if ((c->text_status & TEXT_OLD) && !(file2_id = intern_text(t, c, 1, sparing)))
			return false;
	}
	return add_to_cell(s, c, file_id, file2_id, automatic, sparing);
}

/* The task that stands for all threads of this CPU: its cells have one writer as well. */
static __always_inline u32 task_of_cpu(void)
{
	return bpf_get_smp_processor_id() + 1;
}

/* Adds a finished call for which the ring has no room to the cell of a key. False when there is no room for that either. */
__noinline int add_to_own_cell(struct cell_key *key, struct call_state *c, u32 most_cells, u32 most_chunks, u32 automatic)
{
	if (!key || !c)
		return 0;
	u32 number = find_own_cell(key, most_cells);
	struct cell *cell = bpf_map_lookup_elem(&cells, &number);
	return number && cell && add_to(cell, c, number / CELLS, most_chunks, automatic, true);
}

/* What a call on a descriptor that is still open waits for: a pipe or a socket, which time on files must not have. */
__noinline u32 waited_for(struct call_record *r)
{
	if (!r)
		return 0;
	u64 file = r->fd >= 0 && !(r->flags & CALL_TEXT) ? file_of(bpf_get_current_task_btf(), r->fd) : 0;
	u64 inode = (u64)LOAD(file, file, f_inode), magic = LOAD(super_block, LOAD(inode, inode, i_sb), s_magic);

	return magic == PIPEFS_MAGIC ? CELL_OF_PIPE : magic == SOCKFS_MAGIC ? CELL_OF_SOCKET : 0;
}

/*
 * Adds up a finished call for which the ring has no room: by its names, if these are announced, or without its files, or
 * without its thread as well. `knows_task` says that user space has the name of the thread. False when there is no room, or it
 * should be a row, or is to be judged by names that it has not.
 */
__noinline int is_summed_unnamed(struct task_state *s, struct call_state *c, u32 knows_task)
{
	if (!s || !c)
		return 0;
	u32 index = c->nr < CALLS - 1 ? c->nr : CALLS - 1, flags = c->record.flags;
	BOUND(index, CALLS);
	u32 rate = *(volatile u32 *)&sums.rates[index];
	if (rate == 1 && !*(volatile u32 *)&sums.raised)
		return 0;
	struct filter *f = &filters.of[c->filter % FILTERS];
	bool automatic = rate == RATE_AUTO, by_files = f->judge_by_files, judged = f->judge_calls;
	bool has_files = c->lost || c->record.file_id || c->record.file2_id || (flags & CALL_TEXT);
	struct cell_key key = {
		.task_id = s->task_id,
		.nr = c->nr,
		.file_id = c->record.file_id,
		.file2_id = c->record.file2_id,
		.kind = kind_of(&c->record) | (flags & CALL_NO_RETURN ? CELL_NO_RETURN : 0) |
			(flags & CALL_KILLED ? CELL_KILLED : 0),
		.filter = c->filter,
		.round = *(volatile u32 *)&sums.round,
	};

	if (knows_task && !c->lost && !(flags & CALL_TEXT) &&
	    add_to_own_cell(&key, c, by_files ? CELLS - 1 : CELLS / 2, by_files ? CHUNKS - 1 : CHUNKS - UNNAMED_CHUNKS, automatic))
		return 1;
	if (by_files)
		return 0;
	key.file_id = key.file2_id = 0;
	if (has_files)
		key.kind |= CELL_NO_FILES | waited_for(&c->record);
	if (knows_task &&
	    add_to_own_cell(&key, c, CELLS - UNNAMED_CELLS / 2, CHUNKS - UNNAMED_CHUNKS / 2, automatic))
		return 1;
	if (judged)
		return 0;
	key.task_id = task_of_cpu();
	key.kind |= CELL_NO_TASK;
	return add_to_own_cell(&key, c, CELLS - 1, CHUNKS - 1, automatic);
}

#endif
