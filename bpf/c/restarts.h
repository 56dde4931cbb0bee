/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Calls that a signal interrupts. The kernel ends them with a code that no program sees (is_restart) and decides their
 * fate on the way to user mode, after the exit tracepoint. Without a handler, the thread enters the same call again, or
 * restart_syscall, from the same place. With a handler, the registers that its rt_sigreturn restores tell whether the
 * call fails with EINTR or restarts. Until then the call is set aside, so that it stays one row.
 */
#ifndef IOR_RESTARTS_H
#define IOR_RESTARTS_H

#include "calls.h"

static __always_inline bool is_restart(s64 ret)
{
	return ret == -ERESTARTSYS || ret == -ERESTARTNOINTR || ret == -ERESTARTNOHAND || ret == -ERESTART_RESTARTBLOCK;
}

/* Copies the texts of the interrupted call: the handler may overwrite both the buffer and the program's memory. */
static __always_inline void set_texts_aside(struct task_struct *task, struct task_state *s)
{
	struct call_state *c = &s->call;
	struct text_state *t = bpf_task_storage_get(&texts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct text_state *aside = bpf_task_storage_get(&texts_aside, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!t || !aside)
		return; /* the text is read again at the end of the call */
	leave_paths(s, t, c);
	if (c->text_status & TEXT_FAULT)
		return;
	bpf_probe_read_kernel(&aside->text, sizeof(*t) - offsetof(struct text_state, text), &t->text);
	aside->owner = c->serial;
}

/*
 * True when the call was turned off since it entered. An interrupted one may have started again unseen, as often as it
 * likes: it has no row, unless the end of its handler says how it ended. At the end of a trace the table is cleared.
 */
static __always_inline bool was_turned_off(struct call_state *c)
{
	struct call_spec *spec = spec_of(c->nr);

	return spec && spec->exits && spec->exits != c->exits;
}

/*
 * Ends an interrupted call that does not go on. `at_enter` of the next call it is lost where the ring has no room: it is rare, and
 * to add it up would be half as much again for the verifier to look at in the program.
 */
static __always_inline void end_killed(struct task_state *s, struct call_state *c, u64 now, bool at_enter)
{
	if (was_turned_off(c))
		return;
	c->record.flags |= CALL_KILLED;
	if (at_enter)
		emit(s, c, 0, now);
	else
		emit_ended(s, c, 0, now);
}

/* Sets the interrupted call aside. If there is no room, the oldest ends here, as killed: its handler never returned. */
static __always_inline void set_aside(struct task_struct *task, struct task_state *s, u64 now)
{
	if (s->call.record.flags & CALL_TEXT)
		set_texts_aside(task, s);
	if (s->depth >= PENDING) {
		end_killed(s, &s->pending[0], now, false);
		/* The copy goes from low to high addresses, so the ranges may overlap. */
		bpf_probe_read_kernel(&s->pending[0], sizeof(s->pending[0]) * (PENDING - 1), &s->pending[1]);
		s->depth = PENDING - 1;
		if (config.extras)
			drop_oldest_extra();
	}
	u32 at = s->depth;
	if (at < PENDING)
		s->pending[at] = s->call;
	s->depth = at + 1;
}

/* At an enter: true when it continues the call that was set aside last, which is then open again. */
static __always_inline bool continues(struct task_state *s, u32 nr, u64 sp, u64 ip, u64 now)
{
	u32 top = s->depth - 1;

	if (top >= PENDING)
		return false;
	struct call_state *p = &s->pending[top];
	if (p->sp != sp || p->ip != ip)
		return false;
	if (p->interrupted == INTERRUPTED_HANDLER) {
		/* The handler jumped out of the call, and the program has come to the same place again. */
		s->depth = top;
		end_killed(s, p, now, true);
		return false;
	}
	if (nr != p->nr && nr != config.nr_restart_syscall)
		return false;
	if (was_turned_off(p)) {
		s->depth = top;
		return false;
	}
	s->call = *p;
	s->call.open = 1;
	s->call.interrupted = INTERRUPTED_NOT;
	if (s->call.record.restarts < 255)
		s->call.record.restarts++;
	s->depth = top;
	return true;
}

/*
 * At the exit of rt_sigreturn: what its frame says about the call that the signal interrupted. The result is a register of
 * the interrupted code; that of a 32-bit program has no sign here.
 */
static __always_inline void handler_ended(struct task_state *s, s64 ret, u64 sp, u64 ip, u64 now)
{
	for (int i = PENDING - 1; i >= 0; i--) {
		if (i >= s->depth || s->pending[i].sp != sp)
			continue;
		struct call_state *p = &s->pending[i];
		if (p->ip == ip && (s32)ret == -EINTR) {
			s->depth = i;
			emit_ended(s, p, -EINTR, now);
			return;
		}
		if (p->ip - CALL_INSTRUCTION == ip) {
			s->depth = i + 1;
			p->interrupted = INTERRUPTED_ARMED;
			return;
		}
	}
}

#endif
