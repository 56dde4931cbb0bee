/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Calls: from the enter to the single record of a finished call. */
#ifndef IOR_CALLS_H
#define IOR_CALLS_H

#include "paths.h"
#include "sums.h"
#include "tasks.h"
#include "extras.h"

/* include/linux/errno.h: results that make the kernel restart a call. Programs never see them. */
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516
#define EINTR 4
#define EFAULT 14

#if defined(__TARGET_ARCH_x86)
#define ARG1(r) ((r)->di)
#define ARG2(r) ((r)->si)
#define ARG3(r) ((r)->dx)
#define ARG4(r) ((r)->r10)
#define ARG5(r) ((r)->r8)
#define ARG6(r) ((r)->r9)
#define STACK(r) ((r)->sp)
#define PROGRAM(r) ((r)->ip)
#define LEFT_NR(r) ((s32)(r)->orig_ax)
#define IS_COMPAT(task) ((task)->thread_info.status & TS_COMPAT)
#define NR_MODIFY_LDT 154
#define CALL_INSTRUCTION 2	/* bytes of the instruction, which a restart steps back over */
#elif defined(__TARGET_ARCH_arm64)
#define ARG1(r) ((r)->regs[0])
#define ARG2(r) ((r)->regs[1])
#define ARG3(r) ((r)->regs[2])
#define ARG4(r) ((r)->regs[3])
#define ARG5(r) ((r)->regs[4])
#define ARG6(r) ((r)->regs[5])
#define STACK(r) ((r)->sp)
#define PROGRAM(r) ((r)->pc)
#define LEFT_NR(r) ((r)->syscallno)
#define IS_COMPAT(task) ((task)->thread_info.flags & (1UL << TIF_32BIT))
#define CALL_INSTRUCTION 4
#endif

/* The result as it is meant: that of modify_ldt() is an int, whose sign the register lacks (arch/x86/kernel/ldt.c). */
static __always_inline s64 whole_result(struct call_state *c, s64 ret)
{
#if defined(__TARGET_ARCH_x86)
	if (c->nr == NR_MODIFY_LDT)
		return (s32)ret;
#endif
	return ret;
}

/* An argument of the call that a task is in, by its position from 1; of the first four, which hold all descriptors. */
static __always_inline u64 argument_of(struct task_struct *task, struct pt_regs *regs, u32 position)
{
#if defined(__TARGET_ARCH_x86)
	if (IS_COMPAT(task))
		return position == 1 ? (u32)regs->bx : position == 2 ? (u32)regs->cx : position == 3 ? (u32)regs->dx : (u32)regs->si;
#endif
	return position == 1 ? ARG1(regs) : position == 2 ? ARG2(regs) : position == 3 ? ARG3(regs) : ARG4(regs);
}

static __always_inline struct call_spec *spec_of(s64 nr)
{
	u32 index = nr >= 0 && nr < URING_FIRST ? nr : CALLS - 1;

	return bpf_map_lookup_elem(&calls, &index);
}

struct buffers {
	u64 next, left, sum;
};

static long add_buffer(void *map, u32 *key, u64 *value, struct buffers *b)
{
	struct user_iovec part = {};

	if (!b->left || bpf_probe_read_user(&part, sizeof(part), (void *)b->next))
		return 1;
	b->sum += part.len;
	b->next += sizeof(part);
	b->left--;
	return 0;
}

/* Total bytes of a msghdr's buffers: with MSG_TRUNC a call may return more. */
__noinline u32 message_size(u64 pointer)
{
	struct user_msghdr message = {};
	struct buffers b = {};

	if (bpf_probe_read_user(&message, sizeof(message), (void *)pointer))
		return ~0U;
	b.next = message.iov;
	b.left = message.iovlen;
	bpf_for_each_map_elem(&steps, add_buffer, &b, 0);
	return b.left || b.sum > ~0U ? ~0U : b.sum;
}

#if defined(__TARGET_ARCH_x86)
static long add_compat_buffer(void *map, u32 *key, u64 *value, struct buffers *b)
{
	struct compat_iovec part = {};

	if (!b->left || bpf_probe_read_user(&part, sizeof(part), (void *)b->next))
		return 1;
	b->sum += part.len;
	b->next += sizeof(part);
	b->left--;
	return 0;
}

/* The same for a 32-bit program. */
__noinline u32 compat_message_size(u64 pointer)
{
	struct compat_msghdr message = {};
	struct buffers b = {};

	if (bpf_probe_read_user(&message, sizeof(message), (void *)pointer))
		return ~0U;
	b.next = message.iov;
	b.left = message.iovlen;
	bpf_for_each_map_elem(&steps, add_compat_buffer, &b, 0);
	return b.left || b.sum > ~0U ? ~0U : b.sum;
}
#endif

/* Sends a record, `extended` by the extra that is there already, and the texts of its paths. */
static __always_inline long emit_text(void *to, struct text_state *t, struct call_state *c, bool extended)
{
	u32 length = 0;

	t->text.base_id = c->base_id;
	t->text.old_base_id = c->old_base_id;
	t->text.status = c->text_status;
	if (c->text_status & TEXT_PATH)
		length += t->text.length + 1;
	if (c->text_status & TEXT_OLD)
		length += t->text.old_length + 1;
	if (length > TEXTS_MAX)
		length = TEXTS_MAX;
	if (extended) {
		t->extended.record = c->record;
		return bpf_ringbuf_output(to, &t->extended, sizeof(t->extended) + sizeof(t->text) + length,
					  BPF_RB_NO_WAKEUP) ? LOST_RING : LOST_NOT;
	}
	t->record = c->record;
	return bpf_ringbuf_output(to, &t->record, sizeof(t->record) + sizeof(t->text) + length, BPF_RB_NO_WAKEUP) ?
		       LOST_RING : LOST_NOT;
}

static __always_inline long emit_plain(void *to, struct call_state *c)
{
	struct call_record *r = bpf_ringbuf_reserve(to, sizeof(*r), 0);

	if (!r)
		return LOST_RING;
	*r = c->record;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return LOST_NOT;
}

/*
 * Sends a record to the ring of the CPU's group, where there are several, with what else is known of the call, where that is
 * asked for, and the texts of its paths if it has some.
 */
__noinline int emit_extended(struct call_state *c, struct text_state *t)
{
	void *to = config.row_rings ? row_ring() : &ring;

	if (!c || !to)
		return LOST_RING;
	if (!config.extras)
		return t ? emit_text(to, t, c, false) : emit_plain(to, c);
	struct call_extra *extra = extra_of(c->serial);
	if (!extra)
		return LOST_STORAGE;
	if (t) {
		t->extended.extra = *extra;
		return emit_text(to, t, c, true);
	}
	struct extended_record *r = bpf_ringbuf_reserve(to, sizeof(*r), 0);
	if (!r)
		return LOST_RING;
	r->record = c->record;
	r->extra = *extra;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return LOST_NOT;
}

/* True when user space wants no row for the call's files. A file whose name could not be sent may be wanted. */
static __always_inline bool files_rejected(struct filter *f, struct call_state *c)
{
	if (!f->judge_files || c->lost || (c->record.flags & CALL_TEXT))
		return false;
	if (!c->record.file_id && !c->record.file2_id)
		return f->judge_files == JUDGE_WANTED;
	return (!c->record.file_id || rejected(&rejected_files, c->record.file_id)) &&
	       (!c->record.file2_id || rejected(&rejected_files, c->record.file2_id));
}

/*
 * Renews the names a call took at its enter, when so many were announced while it ran that user space may drop them:
 * the file of its descriptor is named again. A call with other names cannot be renewed and is lost.
 */
static __always_inline void renew_names(struct task_struct *task, struct task_state *s, struct call_state *c)
{
	if (!c->record.file_id && !c->record.file2_id && !c->base_id && !c->old_base_id)
		return;
	if (c->record.fd >= 0 && !c->record.file2_id && !(c->record.flags & CALL_TEXT))
		c->record.file_id = intern_fd(s, task, c->record.fd);
	else
		c->lost = LOST_RING;
}

/* What may become of a finished call: a row, a sum while the ring has no room for a row, or either as the rates say. */
enum { ROW, ROW_FIRST, ROW_OR_SUM };

/*
 * Sends the record of the current task's finished call if it passes the filter, or counts it as lost. A call that
 * enters under one filter and returns under another belongs to neither and has no row.
 */
static __always_inline void finish(struct task_struct *task, struct task_state *s, struct call_state *c, s64 ret, u64 now,
				   u32 becomes)
{
	u32 number = current_filter();
	struct filter *f = &filters.of[number % FILTERS];
	struct text_state *t = NULL;
	long lost;

	if (!(c->spec_flags & SPEC_SHOWN) || c->filter != number)
		return;
	c->record.flags |= number % FILTERS << CALL_FILTER_SHIFT;
	c->record.duration_ns = now - config.start_ns - c->record.enter_ns;
	c->record.ret = ret;
	if (f->failed_only && !is_error(ret))
		return;
	if (f->slower_ns && ((c->record.flags & CALL_NO_RETURN) || c->record.duration_ns < f->slower_ns))
		return;
	if (files_rejected(f, c))
		return;
	if (next_file - c->named_at >= FILE_AGE - 1)
		renew_names(task, s, c);
	lost = c->lost;
	if (!lost && !announce_task(task, s, c->group))
		lost = LOST_RING;
	c->record.task_id = s->task_id;
	if (!lost && (c->record.flags & CALL_TEXT)) {
		t = finish_texts(task, s, c);
		lost = t ? c->lost : LOST_STORAGE;
	}
	if (!lost && !(becomes == ROW_OR_SUM && is_summed(s, c, t)))
		lost = config.extended ? emit_extended(c, t) : t ? emit_text(&ring, t, c, false) : emit_plain(&ring, c);
	if (becomes != ROW && lost && is_summed_unnamed(s, c, has_current_name(task, s, c->group)))
		lost = LOST_NOT;
	if (!lost)
		s->last_exit_ns = now;
	else if (lost == LOST_STORAGE)
		LOSE(storage_full);
	else
		LOSE(ring_full);
}

/* The same for a call that ends elsewhere than at its exit, which has a row where there is room for one. */
__noinline int emit(struct task_state *s, struct call_state *c, s64 ret, u64 now)
{
	if (s && c)
		finish(bpf_get_current_task_btf(), s, c, ret, now, ROW);
	return 0;
}

/* The same for a call that is added up where the ring has no room for its row. */
__noinline int emit_or_rescue(struct task_state *s, struct call_state *c, s64 ret, u64 now)
{
	if (s && c)
		finish(bpf_get_current_task_btf(), s, c, ret, now, ROW_FIRST);
	return 0;
}

static __always_inline void emit_ended(struct task_state *s, struct call_state *c, s64 ret, u64 now)
{
	if (config.samples)
		emit_or_rescue(s, c, ret, now);
	else
		emit(s, c, ret, now);
}

#endif
