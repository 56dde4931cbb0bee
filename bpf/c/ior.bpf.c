// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The programs: two follow each selected call from enter to exit, others the life cycle of tasks. What to capture is
 * data (the calls map); the reader of the ring and the tables of names are in user space.
 */
#include "kernel.h"
#include <bpf/bpf_tracing.h>
#include "groups.h"
#include "compat.h"
#include "requests.h"
#include "restarts.h"
#include "stacks.h"
#include "waits.h"
#include "faults.h"
#include "cache.h"

/* Argument roles that only some calls have. */
static __always_inline void enter_more(struct task_struct *task, struct task_state *s, struct call_spec *spec, u64 *args,
				       bool compat)
{
	struct call_record *r = &s->call.record;

	if (spec->file && spec->file != spec->fd)
		r->file_id = intern_fd(s, task, args[spec->file & 7]);
	if (spec->old_file)
		r->file2_id = intern_fd(s, task, args[spec->old_file & 7]);
	if (spec->ring && !(args[spec->index_if & 7] & spec->flag)) {
		set_fd(r, args[spec->ring & 7]);
		r->file_id = intern_fd(s, task, r->fd);
	}
	if (spec->made_if)
		s->call.not_made = !(args[spec->made_if & 7] & spec->made);
	if (spec->made_by) {
		u32 command = args[spec->made_by & 7];
		s->call.not_made = command > 63 || !(spec->made >> (command & 63) & 1);
	}
	if (spec->xattr_args) /* struct xattr_args: value, size, flags */
		bpf_probe_read_user(&r->size, sizeof(r->size), (void *)(args[spec->xattr_args & 7] + 8));
	if (spec->msg_flags) {
		u32 flags = args[spec->msg_flags & 7];
		if (flags & MSG_PEEK)
			r->flags |= CALL_PEEK;
		if (spec->msg && (flags & MSG_TRUNC))
			r->size = compat ? MESSAGE_SIZE32(args[spec->msg & 7]) : message_size(args[spec->msg & 7]);
	}
	if (spec->path)
		enter_paths(task, s, spec, args);
	else if (spec->flags & SPEC_CWD)
		r->file_id = intern_path(s, &TASK(task, fs)->pwd);
}

/* Where a call reads or writes, or how it opens. A 32-bit program gives an offset in two arguments. */
static __always_inline void enter_argument(struct call_state *c, u64 *args, bool compat)
{
	u32 nr = c->nr;
	u8 *place = bpf_map_lookup_elem(&arguments, &nr);

	if (!place || !*place)
		return;
	note_argument(c->serial, *place, args[*place & 7], compat ? args[(*place + 1) & 7] : 0);
}

/* Flags of calls whose exit does more than end them: see exit_more(). */
#define SPEC_AT_EXIT (SPEC_RETURNS_FD | SPEC_CREDENTIALS | SPEC_CWD)

/*
 * True when the files of a call are those of its row already at its enter, and nothing but its row depends on its exit:
 * one on unwanted files is let go without a look at the clock.
 */
static __always_inline bool files_stay(struct call_state *c)
{
	return (c->spec_flags & (SPEC_SHOWN | SPEC_NO_RETURN | SPEC_AT_EXIT)) == SPEC_SHOWN && !c->null_path;
}

/*
 * The enter of a call that may be traced: what its row needs is kept until its exit. `compat` has the arguments of a call of
 * the 32-bit table, whose number is that of the 64-bit call by now; it is a constant NULL for the others. `again`: it is the
 * second program that may see the call.
 */
static __always_inline int enter(struct task_struct *task, struct pt_regs *regs, s64 nr, struct compat_args *compat, bool again)
{
	/* Read before the call table: a call that the next filter adds must not count under this one. */
	u32 number = current_filter();
	struct call_spec *spec = spec_of(nr);
	if (!spec || !(spec->flags & SPEC_TRACKED)) {
		if (compat)
			forget_open(task);
		return 0;
	}
	struct filter *f = &filters.of[number % FILTERS];
	/* A call that may change user, group or name is judged by what they are at its exit. */
	if (f->owners && !(spec->flags & SPEC_CREDENTIALS) && !is_of_owners(f->owners, number % FILTERS))
		return 0;
	if (!in_selected_group())
		return 0;
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!s) {
		if (spec->flags & SPEC_SHOWN)
			LOSE(storage_full);
		return 0;
	}
	if (config.preemptible) {
		bool seen = again && s->stage == ENTERED;
		s->stage = again ? INSIDE : ENTERED;
		if (seen)
			return 0;
	}
	if (f->judge_tasks && !(spec->flags & SPEC_CREDENTIALS) && is_announced(task, s, current_group()) &&
	    rejected(&rejected_tasks, s->task_id))
		return 0;
	u64 sp = STACK(regs), ip = PROGRAM(regs);
	if (s->call.open && (s->call.spec_flags & SPEC_SHOWN))
		LOSE(skipped); /* its exit was never seen */
	if (s->depth && continues(s, nr, sp, ip, bpf_ktime_get_boot_ns()))
		return 0;

	u64 own[8] = { 0, ARG1(regs), ARG2(regs), ARG3(regs), ARG4(regs), ARG5(regs), ARG6(regs) };
	u64 *args = compat ? compat->of : own;
	struct call_state *c = &s->call;
	struct call_record *r = &c->record;
	c->open = 0;
	c->exits = *(volatile u8 *)&spec->exits;
	/* A call that is turned off loses its flags before `exits` changes: seen in this order, the two belong together. */
	if (!(*(volatile u8 *)&spec->flags & SPEC_TRACKED))
		return 0;
	c->serial++;
	c->sp = sp;
	c->ip = ip;
	c->nr = nr;
	c->filter = number;
	c->named_at = next_file;
	c->base_id = c->old_base_id = 0;
	c->text_status = 0;
	c->lost = c->interrupted = c->not_made = c->empty_is_dir = c->null_path = 0;
	c->spec_flags = spec->flags;
	c->group = current_group();
	if (config.groups && c->group != s->group && !announce_group())
		c->lost = LOST_RING;
	r->nr = nr;
	r->restarts = r->flags = 0;
	r->file_id = r->file2_id = 0;
	r->fd = NO_FD;
	r->size = ~0U;
	if (spec->fd && !(compat && compat->unreadable)) {
		s32 fd = args[spec->fd & 7];
		if (fd != -1 || !(spec->flags & SPEC_ANON_FD)) {
			set_fd(r, fd);
			if (spec->file == spec->fd)
				r->file_id = intern_fd(s, task, fd);
		}
	}
	if (spec->size)
		r->size = args[spec->size & 7] > ~0U ? ~0U : args[spec->size & 7];
	if (spec->flags & SPEC_MORE)
		enter_more(task, s, spec, args, !!compat);
	if (compat && compat->result) {
		c->path_pointer = compat->result;
		c->null_path = NULL_LLSEEK;
	}
	if ((u64)nr >= BIG_NR) {
		r->nr = BIG_NR;
		r->size = nr;
	} else if (nr >= URING_FIRST && nr < CALLS) {
		c->nr = r->nr = CALLS - 1;
	}
	if (f->judge_files && files_stay(c) && files_rejected(f, c))
		return 0;
	u64 now = bpf_ktime_get_boot_ns();
	r->enter_ns = now - config.start_ns;
	r->gap_ns = s->last_exit_ns ? now - s->last_exit_ns : NO_NS;
	if (config.extras) {
		if (!begin_extra(s->depth, c->serial))
			c->lost = LOST_STORAGE;
		if (config.extras & EXTRA_STACKS)
			note_stack(s);
		if (config.extras & EXTRA_ARGUMENTS)
			enter_argument(c, args, !!compat);
	}
	c->open = 1;
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(ior_enter, struct pt_regs *regs, long nr)
{
	hold_cpu();
	struct task_struct *task = bpf_get_current_task_btf();
	u8 *known = verdict_of(task->pid), verdict = verdict_now(task, known);

	if (!(verdict & VERDICT_TRACED)) {
		release_cpu();
		return 0;
	}
	if (IS_COMPAT(task)) {
		release_cpu();
		compat_enter(ctx);
		return 0;
	}
	enter(task, regs, nr, NULL, false);
	release_cpu();
	return 0;
}

/*
 * The same once more, where the kernel may preempt programs (7.0 on): while a thread is preempted before the first instruction of
 * a program, or behind hold_cpu, the kernel skips that program for all other threads of the CPU, but not this one. It sees by the
 * stage that the first one has run. Calls of 32-bit programs have no second chance.
 */
SEC("tp_btf/sys_enter")
int BPF_PROG(ior_enter_again, struct pt_regs *regs, long nr)
{
	hold_cpu();
	struct task_struct *task = bpf_get_current_task_btf();
	u8 *known = verdict_of(task->pid), verdict = verdict_now(task, known);

	if ((verdict & VERDICT_TRACED) && !IS_COMPAT(task))
		enter(task, regs, nr, NULL, true);
	release_cpu();
	return 0;
}

#if defined(__TARGET_ARCH_x86)
static __always_inline int enter32(struct pt_regs *regs, s64 nr)
{
	u32 zero = 0;
	struct compat_args *args = bpf_map_lookup_elem(&compat_scratch, &zero);

	if (!args)
		return 0;
	args->result = args->unreadable = 0;
	args->of[1] = (u32)regs->bx;
	args->of[2] = (u32)regs->cx;
	args->of[3] = (u32)regs->dx;
	args->of[4] = (u32)regs->si;
	args->of[5] = (u32)regs->di;
	args->of[6] = (u32)regs->bp;
	return enter(bpf_get_current_task_btf(), regs, native_call(args, nr), args, false);
}

/* The enter of a call of the 32-bit table, when its task is traced. A program of its own, so that others pay nothing for it. */
SEC("tp_btf/sys_enter")
int BPF_PROG(ior_enter32, struct pt_regs *regs, long nr)
{
	return HELD(enter32(regs, nr));
}
#endif

/* What the result of some calls adds to their row; the result that the row has. */
__noinline s64 exit_more(struct task_state *s, s64 ret)
{
	if (!s)
		return 0;
	struct call_state *c = &s->call;

	if ((c->spec_flags & SPEC_RETURNS_FD) && ret >= 0 && !c->not_made) {
		u32 id = intern_fd(s, bpf_get_current_task_btf(), ret);
		c->record.fd = ret;
		if (id) {
			c->record.file_id = id;
			c->record.flags &= ~CALL_TEXT;
		}
	}
	if (c->spec_flags & SPEC_CREDENTIALS) {
		u32 place = c->filter % FILTERS, kinds = filters.of[place].owners;
		s->task_id = 0;
		if (kinds && !is_of_owners(kinds, place))
			c->spec_flags &= ~SPEC_SHOWN;
	}
	if ((c->spec_flags & SPEC_CWD) && ret < 0)
		c->record.file_id = 0;
	if (c->null_path == NULL_LLSEEK) {
		if (!ret)
			bpf_probe_read_user(&ret, sizeof(ret), (void *)c->path_pointer);
	} else if (c->null_path && ret == -EFAULT) {
		refuse_null(c);
	}
	return ret;
}

/* True when a call's enter would not have been let go for what its thread is. */
static __always_inline bool is_thread_wanted(struct task_struct *task, struct task_state *s)
{
	u32 place = current_filter() % FILTERS;
	struct filter *f = &filters.of[place];

	if (f->owners && !is_of_owners(f->owners, place))
		return false;
	return in_selected_group() && !(f->judge_tasks && rejected(&rejected_tasks, s->task_id));
}

/* Follows the stage of a thread at an exit. False when there is nothing to do: the first program has done it, or no enter was seen. */
static __always_inline bool leaves(struct task_struct *task, struct task_state *s, bool is_shown, bool again)
{
	u32 stage = s->stage;

	s->stage = again ? OUTSIDE : LEFT;
	if (stage == ENTERED || stage == INSIDE)
		return true;
	if (!(again && stage == LEFT) && is_shown && is_thread_wanted(task, s))
		LOSE(unseen);
	return false;
}

/* True for rt_sigreturn. Looked at twice, as the verifier would look at all in between for either answer. */
static __always_inline bool is_end_of_handler(struct call_state *c)
{
	return *(volatile u32 *)&c->nr == config.nr_rt_sigreturn;
}

static __always_inline int ends(struct pt_regs *regs, s64 ret, bool again)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u8 *known = verdict_of(task->pid), verdict = known ? *known : VERDICT_TRACED;

	if (!(verdict & VERDICT_TRACED))
		return 0;
	/* The number at the exit may differ from the enter's; it is only a cheap test that no row is due. */
	s32 nr = LEFT_NR(regs);
	bool is_shown = false;
	if (nr >= 0) {
		struct call_spec *spec = spec_of(nr);
		if (config.preemptible)
			is_shown = spec && (spec->flags & SPEC_SHOWN) && !(verdict & VERDICT_LAUNCHING) && !IS_COMPAT(task);
		/* That of the 32-bit table says nothing here. */
		if ((!spec || !spec->exits) && !IS_COMPAT(task))
			return 0;
	}
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);
	if (!s || (config.preemptible && !leaves(task, s, is_shown, again)) || !s->call.open)
		return 0;
	struct call_state *c = &s->call;
	u64 now = bpf_ktime_get_boot_ns();
	c->open = 0;
	ret = whole_result(c, ret);
	if (is_restart(ret)) {
		set_aside(task, s, now);
		return 0;
	}
	if (c->null_path || (c->spec_flags & SPEC_AT_EXIT))
		ret = exit_more(s, ret);
	s64 shown = ret;
	if (is_end_of_handler(c)) {
		c->record.flags |= CALL_NO_RETURN;
		shown = 0;
	}
	if (!(verdict & VERDICT_LAUNCHING))
		finish(task, s, c, shown, now, config.samples ? ROW_OR_SUM : ROW);
	if (is_end_of_handler(c) && s->depth)
		handler_ended(s, ret, STACK(regs), PROGRAM(regs), now);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(ior_exit, struct pt_regs *regs, long ret)
{
	return HELD(ends(regs, ret, false));
}

/* The same once more: see ior_enter_again. */
SEC("tp_btf/sys_exit")
int BPF_PROG(ior_exit_again, struct pt_regs *regs, long ret)
{
	return HELD(ends(regs, ret, true));
}

static __always_inline int task_forks(struct task_struct *parent, struct task_struct *child)
{
	u8 *mine = verdict_of(parent->pid), *its = verdict_of(child->pid), verdict;

	if (!its)
		return 0;
	verdict = mine ? *mine : 0;
	if (!(verdict & VERDICT_KNOWN))
		verdict = judge(parent, verdict);
	*its = verdict & VERDICT_FOLLOW;
	if (*its && child->pid == child->tgid)
		count_birth(parent->tgid, child->tgid);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(ior_fork, struct task_struct *parent, struct task_struct *child)
{
	return HELD(task_forks(parent, child));
}

/* Ends one of the interrupted calls: a function of its own, so that the verifier looks at it once and not for each. */
__noinline int end_pending_call(struct task_state *s, struct call_state *c, u64 now)
{
	if (s && c)
		end_killed(s, c, now, false);
	return 0;
}

/* Ends the interrupted calls, which never resume: the task exits, or becomes another program. */
static __always_inline void end_pending(struct task_state *s, u64 now)
{
	for (int i = 0; i < PENDING; i++) {
		if (i < s->depth)
			end_pending_call(s, &s->pending[i], now);
	}
	s->depth = 0;
}

/*
 * The argument's page was not present at enter, and its address space is gone at exit: the kernel's copy is read. It
 * spells a path relative to a descriptor /dev/fd/N, followed by a slash and the path unless that is empty (fs/exec.c).
 */
static __always_inline void exec_text(struct task_struct *task, struct task_state *s, u64 name)
{
	struct text_state *t = bpf_task_storage_get(&texts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct call_state *c = &s->call;
	char start[32] = {};	/* /dev/fd/, ten digits, a slash */
	u32 skip = 0;
	long n;

	if (!t)
		return;
	if (c->dir != AT_FDCWD && bpf_probe_read_kernel_str(start, sizeof(start), (void *)name) > 8 &&
	    start[0] == '/' && start[1] == 'd' && start[5] == 'f' && start[7] == '/') {
		for (skip = 8; skip < sizeof(start) - 1 && start[skip] >= '0' && start[skip] <= '9'; skip++)
			;
		if (start[skip & (sizeof(start) - 1)] == '/')
			skip++;
	}
	n = bpf_probe_read_kernel_str(t->bytes, TEXT_MAX, (void *)(name + skip));
	if (n <= 0)
		return;
	t->owner = c->serial;
	t->text.length = n - 1;
	c->text_status = TEXT_PATH | (c->text_status & TEXT_PATH_BARE);
	if (t->bytes[0] == '/')
		c->base_id = base_of(s, AT_FDCWD, '/', 0);
}

static __always_inline int task_execs(struct task_struct *task, int old_tid, struct linux_binprm *binary)
{
	u8 *known = verdict_of(task->pid), *before = verdict_of(old_tid);
	struct task_state *s;

	if (known && before && known != before) {
		/* A thread other than the leader takes over the leader's number. */
		*known = *before;
		*before = 0;
	}
	if (known && (*known & VERDICT_LAUNCHING)) {
		u32 pid = own_number(TASK(task, group_leader));
		u8 *execs = bpf_map_lookup_elem(&pids, &pid);
		if (execs && *execs)
			*execs -= 1;
		if (!execs || !*execs) {
			*known &= ~VERDICT_LAUNCHING;
			command_begins(task->tgid);
		}
	}
	s = bpf_task_storage_get(&tasks, task, 0, 0);
	if (!s)
		return 0;
	end_pending(s, bpf_ktime_get_boot_ns());
	s->task_id = 0;
	if (s->call.open && (s->call.record.flags & CALL_TEXT) && (s->call.text_status & TEXT_FAULT))
		exec_text(task, s, (u64)binary->filename);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(ior_exec, struct task_struct *task, int old_tid, struct linux_binprm *binary)
{
	return HELD(task_execs(task, old_tid, binary));
}

static __always_inline int task_ends(struct task_struct *task)
{
	u8 *known = verdict_of(task->pid);
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);
	u64 now = bpf_ktime_get_boot_ns();

	if (s && known && (*known & VERDICT_TRACED) && !(*known & VERDICT_LAUNCHING)) {
		end_pending(s, now);
		if (s->call.open) {
			s->call.open = 0;
			s->call.record.flags |= s->call.spec_flags & SPEC_NO_RETURN ? CALL_NO_RETURN : CALL_KILLED;
			emit_ended(s, &s->call, 0, now);
		}
	}
	if (known)
		*known = 0;
	if (config.targets)
		free_numbers(task);
	count_end(task, now);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(ior_end, struct task_struct *task)
{
	return HELD(task_ends(task));
}

/* A handler is about to run: the call it interrupted no longer resumes by itself. */
SEC("tp_btf/signal_deliver")
int BPF_PROG(ior_signal, int signal, void *info, struct k_sigaction *action)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);
	u32 top;

	if (!s || !s->depth || (u64)LOAD(k_sigaction, action, sa.sa_handler) <= SIG_IGN)
		return 0;
	top = s->depth - 1;
	if (top < PENDING && s->pending[top].interrupted == INTERRUPTED_NOT)
		s->pending[top].interrupted = INTERRUPTED_HANDLER;
	return 0;
}

/* Requests to io_uring do their work without a system call of their own: those without a row are counted, by process. */
static __always_inline int submit(u64 request)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u8 verdict = verdict_now(task, verdict_of(task->pid));
	u64 none = 0, *count;
	u32 pid;

	if (!(verdict & VERDICT_TRACED) || (verdict & VERDICT_LAUNCHING) || !in_selected_group())
		return 0;
	if (config.requests && request_begins(task, request))
		return 0;
	pid = own_number(TASK(task, group_leader));
	count = bpf_map_lookup_elem(&uring_requests, &pid);
	if (!count) {
		bpf_map_update_elem(&uring_requests, &pid, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&uring_requests, &pid);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		LOSE(storage_full);
	return 0;
}

SEC("raw_tp/io_uring_submit_req")
int ior_uring(struct bpf_raw_tracepoint_args *ctx)
{
	return HELD(submit(ctx->args[0]));
}

/* Its name before 6.3. */
SEC("raw_tp/io_uring_submit_sqe")
int ior_uring_old(struct bpf_raw_tracepoint_args *ctx)
{
	return HELD(submit(ctx->args[0]));
}

SEC("raw_tp/io_uring_complete")
int ior_uring_end(struct bpf_raw_tracepoint_args *ctx)
{
	u64 result = ctx->args[2];

	return HELD(request_completes(ctx->args[0], ctx->args[1], LOAD(io_uring_cqe, result, user_data),
				      LOAD(io_uring_cqe, result, res), LOAD(io_uring_cqe, result, flags)));
}

/* Older kernels give the parts of the result, more arguments than the other has. */
SEC("raw_tracepoint/io_uring_complete")
int ior_uring_end_old(struct bpf_raw_tracepoint_args *ctx)
{
	return HELD(request_completes(ctx->args[0], ctx->args[1], ctx->args[2], ctx->args[3], ctx->args[4]));
}

/*
 * Visits all tasks. Before calls are followed, it judges the descendants of the selected processes; at the end of a
 * trace, it sends the calls that have entered but not returned.
 */
SEC("iter/task")
int ior_walk(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct running_record *r;

	if (!task)
		return 0;
	if (filters.walk == WALK_JUDGE) {
		verdict_now(task, verdict_of(task->pid));
		return 0;
	}
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);
	if (!s)
		return 0;
	/* An interrupted call is still running beneath the calls of its handlers. */
	struct call_state *c = s->depth ? &s->pending[0] : &s->call;
	if (!(s->depth || c->open) || !(c->spec_flags & SPEC_SHOWN) || c->filter != current_filter())
		return 0;
	if (!c->open && was_turned_off(c))
		return 0;
	r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return 0;
	u64 *comm = (u64 *)task->comm;
	r->nr = BIG_NR;
	r->kind = NAME_RUNNING;
	r->flags = CALL_NAME;
	r->pid = own_number(TASK(task, group_leader));
	r->tid = own_number(task);
	r->file_id = c->record.file_id;
	r->call_nr = c->nr;
	r->pad = 0;
	r->enter_ns = c->record.enter_ns;
	r->comm[0] = comm[0];
	r->comm[1] = comm[1];
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
