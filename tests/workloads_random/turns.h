/*
 * Who goes next. In turns, one thread acts at a time and the seed says which: a run can be had again. Otherwise all act at
 * once, and only what changes names or descriptors excludes the others.
 *
 * Waiting is sched_yield, which is not traced.
 */
#ifndef TURNS_H
#define TURNS_H

#include <sched.h>

#include "model.h"

/* A thread that takes part. */
struct actor {
	int slot;	/* among the threads */
	int pid, tid;
	struct process *process;
	unsigned long long random;
	int is_leader, exclusive;
};

static inline unsigned long long next_random(unsigned long long *state)
{
	/* splitmix64, by Sebastiano Vigna, in the public domain */
	unsigned long long z = (*state += 0x9E3779B97F4A7C15ULL);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
	return z ^ (z >> 31);
}

/* A number from 0 to below `count`. */
static inline int pick(struct actor *a, int count)
{
	return next_random(&a->random) % count;
}

/* Gives others the processor while this one waits for them. */
static inline void let_others(void)
{
	if (atomic_load(&model->broken))
		_exit(BROKEN);
	sched_yield();
}

static inline void begin_turn(struct actor *a, int exclusive)
{
	a->exclusive = exclusive;
	if (model->in_turns) {
		while (atomic_load(&model->turn) != a->slot)
			let_others();
		return;
	}
	for (;;) {
		int lock = atomic_load(&model->lock);
		int wanted = exclusive ? -1 : lock + 1;

		if ((exclusive ? lock == 0 : lock >= 0) && atomic_compare_exchange_weak(&model->lock, &lock, wanted))
			return;
		let_others();
	}
}

static inline void end_turn(struct actor *a)
{
	if (!model->in_turns) {
		if (a->exclusive)
			atomic_store(&model->lock, 0);
		else
			atomic_fetch_sub(&model->lock, 1);
		return;
	}
	int living[THREADS], count = 0;
	unsigned long long state = atomic_load(&model->random);

	for (int i = 0; i < THREADS; i++) {
		if (atomic_load(&model->alive[i]))
			living[count++] = i;
	}
	int next = count ? living[next_random(&state) % count] : NONE;

	atomic_store(&model->random, state);
	atomic_store(&model->turn, next);
}

/* A slot for a new thread, NONE when there are enough. Only in an exclusive turn. */
static inline int take_slot(void)
{
	for (int i = 0; i < THREADS; i++) {
		if (!atomic_load(&model->alive[i])) {
			atomic_store(&model->alive[i], 1);
			return i;
		}
	}
	return NONE;
}

#endif
