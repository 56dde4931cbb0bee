/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Requests to io_uring, from the submit to the completion, which may be in another task: an open request is known by its
 * address. A request that completes more than once (multishot) says so by completions without an address, and then it is
 * known by its ring and the number that the program gave it.
 */
#ifndef IOR_REQUESTS_H
#define IOR_REQUESTS_H

#include "calls.h"
#include "groups.h"

/* include/linux/io_uring_types.h: bits of io_kiocb.flags, as in a request of the program. */
#define REQ_F_FIXED_FILE 1
#define REQ_F_CQE_SKIP 64

#define OP_ACCEPT 13
#define OP_OPENAT 18
#define OP_CLOSE 19
#define OP_OPENAT2 28
#define OP_SOCKET 45

struct request {
	u64 ring, user_data;
	u64 enter_ns;		/* boot clock: the submit, or the completion before */
	u32 task_id;
	u32 filter, named_at;	/* as in call_state */
	u32 file_id;
	s32 fd;
	u16 nr;
	u8 lost;
	u8 returns_fd;
	u8 registered;		/* its file is one of the ring's registered ones */
	u8 silent;		/* its success is not reported */
	u8 pad[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, u64);
	__type(value, struct request);
} requests SEC(".maps");

/* What a program calls a request. */
struct request_name {
	u64 ring, user_data;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct request_name);
	__type(value, u64);
} multishots SEC(".maps");

/* Operations that may complete more than once: POLL_ADD, RECVMSG, TIMEOUT, ACCEPT, RECV, URING_CMD, READ_MULTISHOT, RECV_ZC. */
#define REPEATING \
	(1ULL << 6 | 1ULL << 10 | 1ULL << 11 | 1ULL << 13 | 1ULL << 27 | 1ULL << 46 | 1ULL << 49 | 1ULL << 58)
#define IORING_CQE_F_MORE 2

static __always_inline bool repeats(u32 nr)
{
	return REPEATING >> (nr - URING_FIRST & 63) & 1;
}

/* True when the result of an operation that makes a descriptor is an index among the ring's registered files. */
static __always_inline bool makes_registered(u64 at, u32 op)
{
	if ((op == OP_OPENAT || op == OP_OPENAT2) && bpf_core_type_exists(struct io_open))
		return LOAD(io_open, at, file_slot);
	if (op == OP_ACCEPT && bpf_core_type_exists(struct io_accept))
		return LOAD(io_accept, at, file_slot);
	if (op == OP_SOCKET && bpf_core_type_exists(struct io_socket))
		return LOAD(io_socket, at, file_slot);
	return false;
}

/* The number of a file, which is named in the thread that runs now; a name that cannot be sent loses the request. */
static __always_inline u32 name_file(struct request *r, struct task_state *s, u64 file)
{
	u8 lost = s->call.lost;
	u32 id;

	if (!file)
		return 0;
	s->call.lost = LOST_NOT;
	id = intern_file(s, file, CACHED_FILES - 1);
	r->lost |= s->call.lost;
	s->call.lost = lost;
	return id;
}

/* A request is submitted: what its row needs is kept until it completes. False when it is not selected. */
static __always_inline bool request_begins(struct task_struct *task, u64 at)
{
	u32 number = current_filter(), op = LOAD(io_kiocb, at, opcode), nr = URING_FIRST + op, flags;
	struct filter *f = &filters.of[number % FILTERS];
	struct request r = {}, *before;
	struct call_spec *spec;
	struct task_state *s;

	if (op >= URING_OPS)
		return false;
	spec = bpf_map_lookup_elem(&calls, &nr);
	if (!spec || !(spec->flags & SPEC_SHOWN))
		return false;
	if (f->owners && !is_of_owners(f->owners, number % FILTERS))
		return true;
	s = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!s) {
		LOSE(storage_full);
		return true;
	}
	u64 group = current_group();
	if (f->judge_tasks && is_announced(task, s, group) && rejected(&rejected_tasks, s->task_id))
		return true;
	if ((group != s->group && !announce_group()) || !announce_task(task, s, group))
		r.lost = LOST_RING;
	r.task_id = s->task_id;
	r.filter = number;
	r.named_at = next_file;
	r.nr = nr;
	r.fd = NO_FD;
	r.user_data = LOAD(io_kiocb, at, cqe.user_data);
	r.ring = (u64)LOAD(io_kiocb, at, ctx);
	flags = LOAD(io_kiocb, at, flags);
	r.silent = !!(flags & REQ_F_CQE_SKIP);
	r.returns_fd = (spec->flags & SPEC_RETURNS_FD) && !makes_registered(at, op);
	if (op == OP_CLOSE) {
		if (bpf_core_type_exists(struct io_close) && !LOAD(io_close, at, file_slot))
			r.fd = LOAD(io_close, at, fd);
	} else if (spec->fd) {
		r.registered = flags & REQ_F_FIXED_FILE;
		if (!r.registered)
			r.fd = LOAD(io_kiocb, at, cqe.fd);
	}
	if (r.fd >= 0)
		r.file_id = name_file(&r, s, file_of(task, r.fd));
	before = bpf_map_lookup_elem(&requests, &at);
	if (before && !before->silent)
		LOSE(skipped); /* its completion was never seen */
	r.enter_ns = bpf_ktime_get_boot_ns();
	if (bpf_map_update_elem(&requests, &at, &r, BPF_ANY)) {
		LOSE(storage_full);
		return true;
	}
	if (repeats(nr)) {
		struct request_name name = { r.ring, r.user_data };
		bpf_map_update_elem(&multishots, &name, &at, BPF_ANY);
	}
	return true;
}

/* Room for the row of a request. */
static __always_inline struct call_record *reserve_request(void)
{
	void *to = config.row_rings ? row_ring() : &ring;

	if (!to)
		return NULL;
	return config.extras ? bpf_ringbuf_reserve(to, sizeof(struct extended_record), 0) :
			       bpf_ringbuf_reserve(to, sizeof(struct call_record), 0);
}

/* Sends the row of a completion, if it passes the filter, or counts it as lost. */
static __always_inline void emit_request(struct request *r, u64 at, s64 result, u64 now)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u32 number = current_filter(), file_id = r->file_id;
	struct filter *f = &filters.of[number % FILTERS];
	s32 fd = r->fd;

	if (r->filter != number || (f->failed_only && !is_error(result)) ||
	    (f->slower_ns && now - r->enter_ns < f->slower_ns))
		return;
	if (r->file_id && next_file - r->named_at >= FILE_AGE - 1)
		r->lost = LOST_RING;
	if (r->registered || (r->returns_fd && result >= 0)) {
		struct task_state *s = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (s)
			file_id = name_file(r, s, r->registered ? (u64)LOAD(io_kiocb, at, file) : file_of(task, result));
		else
			r->lost = LOST_STORAGE;
		if (r->returns_fd)
			fd = result;
	}
	if (!r->lost && f->judge_files && (file_id ? rejected(&rejected_files, file_id) : f->judge_files == JUDGE_WANTED))
		return;
	struct call_record *record = NULL;
	if (!r->lost && next_task - r->task_id < TASK_SLOTS / 4 * 3)
		record = reserve_request();
	if (!record) {
		if (r->lost == LOST_STORAGE)
			LOSE(storage_full);
		else
			LOSE(ring_full);
		return;
	}
	record->nr = r->nr;
	record->restarts = 0;
	record->flags = number % FILTERS << CALL_FILTER_SHIFT;
	record->task_id = r->task_id;
	record->enter_ns = r->enter_ns - config.start_ns;
	record->duration_ns = now - r->enter_ns;
	record->gap_ns = NO_NS;
	record->ret = result;
	record->file_id = file_id;
	record->file2_id = 0;
	record->fd = fd;
	record->size = ~0U;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

/* A request completes. Without an address it is one that will again. */
static __always_inline int request_completes(u64 ring, u64 at, u64 user_data, s32 result, u32 flags)
{
	struct request_name name = { ring, user_data };
	u64 now = bpf_ktime_get_boot_ns();
	bool ends = at != 0;

	if (!ends) {
		u64 *found = flags & IORING_CQE_F_MORE ? bpf_map_lookup_elem(&multishots, &name) : NULL;
		if (!found)
			return 0;
		at = *found;
	}
	struct request *r = bpf_map_lookup_elem(&requests, &at);
	if (!r)
		return 0;
	bool repeated = repeats(r->nr);
	emit_request(r, at, result, now);
	r->enter_ns = now;
	if (!ends)
		return 0;
	bpf_map_delete_elem(&requests, &at);
	if (repeated)
		bpf_map_delete_elem(&multishots, &name);
	return 0;
}

#endif
