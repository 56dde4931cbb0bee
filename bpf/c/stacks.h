/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * User stacks: which code makes a call. A stack is walked by frame pointers at the enter of each call and gets a number, like
 * a file; the frames are sent once, with the build id of each file and the place in it, which outlive the process.
 */
#ifndef IOR_STACKS_H
#define IOR_STACKS_H

#include "extras.h"
#include "files.h"
#include "tasks.h"

#define CALL_BYTES 8		/* of code before a return address that can be a call */
#define CODE_NEAR (4 << 20)	/* bytes around an address that are code of the same file, often */
#define GARBAGE 4		/* frames that are dropped at most */
#define SMALLEST_PAGE 4096

/* include/uapi/linux/bpf.h */
#define BPF_F_USER_STACK (1 << 8)
#define BPF_F_USER_BUILD_ID (1 << 11)

struct stack_key {
	u64 hash;	/* of the addresses */
	u32 tgid, exec;	/* exec: how often the process has become another program */
};

struct stack_scratch {
	struct stack_record record;
	struct stack_frame frames[STACK_FRAMES];
	struct stack_key key;
	u64 addresses[STACK_FRAMES + 1];	/* a power of two: the verifier sees that a mask bounds an index */
};

/* Sized at load: there is one where stacks are not asked for. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct stack_key);
	__type(value, u32);
} stacks SEC(".maps");

/* Its users cannot be preempted, see `scratch`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct stack_scratch);
} stack_scratch SEC(".maps");

u32 next_stack;

/* True when user space will still have the frames of a stack. */
static __always_inline bool is_recent_stack(u32 id)
{
	return next_stack - id < STACK_AGE;
}

/* True when the code before an address is a call: then a word may be where it returns to. */
static __always_inline bool follows_call(u64 address)
{
	u8 code[CALL_BYTES] = {};

	if (address < 4096 || address >> 47 || bpf_probe_read_user(code, CALL_BYTES, (void *)(address - CALL_BYTES)))
		return false;
#if defined(__TARGET_ARCH_x86)
	/* call rel32, or call r/m64 (ff /2) with no, a small or a large displacement and with or without an index */
	return code[3] == 0xe8 || (code[6] == 0xff && (code[7] & 0x38) == 0x10) ||
	       (code[5] == 0xff && (code[6] & 0x38) == 0x10) || (code[4] == 0xff && (code[5] & 0x38) == 0x10) ||
	       (code[2] == 0xff && (code[3] & 0x38) == 0x10) || (code[1] == 0xff && (code[2] & 0x38) == 0x10);
#elif defined(__TARGET_ARCH_arm64)
	u32 instruction = *(u32 *)&code[4];
	return (instruction & 0xfc000000) == 0x94000000 /* bl */ || (instruction & 0xfffffc1f) == 0xd63f0000 /* blr */;
#endif
}

/*
 * Notes the words above the stack pointer that may be return addresses. A function of the C library has no frame, so frame
 * pointers skip its caller; user space finds it among these. They are part of the hash: stacks that differ only there are two.
 */
static __always_inline u64 note_top(struct stack_scratch *k, struct mm_struct *mm, u64 sp)
{
	u64 hash = 0, start = LOAD(mm_struct, mm, start_code), end = LOAD(mm_struct, mm, end_code);
	struct stack_record *r = &k->record;

	r->code_start = start;
	/* In place: the functions of a chain share 512 bytes of stack. */
	if (bpf_probe_read_user(r->top, sizeof(r->top), (void *)sp)) {
		/* The next page of the stack is not there where nothing has touched it, as in a large array. */
		u32 left = SMALLEST_PAGE - (sp & (SMALLEST_PAGE - 1));
		__builtin_memset(r->top, 0, sizeof(r->top));
		if (left < sizeof(r->top))
			bpf_probe_read_user(r->top, left, (void *)sp);
	}
#pragma clang loop unroll(disable)
	for (int i = 0; i < STACK_TOP; i++) {
		u64 word = r->top[i];
		/* A look at memory that is not there takes as long as the whole walk: only where code is known to be. */
		bool may_be = word - start < end - start || word - k->addresses[0] + CODE_NEAR < 2 * CODE_NEAR ||
			      word - k->addresses[1] + CODE_NEAR < 2 * CODE_NEAR;
		r->top[i] = may_be && follows_call(word) ? word : 0;
		hash = mix(hash, r->top[i]);
	}
	return hash;
}

/*
 * Code that uses the frame pointer for something else leads to what is no code, from where the walk soon ends. Those frames
 * are dropped: a path that the register points to would make a stack for each file.
 */
static __always_inline u32 drop_garbage(struct stack_scratch *k, u32 count)
{
	k->record.broken = 0;
#pragma clang loop unroll(disable)
	for (int i = 0; i < GARBAGE; i++) {
		if (count <= 1 || follows_call(k->addresses[(count - 1) & STACK_FRAMES]))
			break;
		k->record.broken = 1;
		count--;
	}
	return count;
}

/* Finds the stack of the call that the current thread enters. False when it is new: it is in the scratch then. */
__noinline int find_stack(struct task_state *s)
{
	u32 zero = 0, count, *known;
	struct stack_scratch *k = bpf_map_lookup_elem(&stack_scratch, &zero);
	struct task_struct *task = bpf_get_current_task_btf();
	struct call_extra *extra;
	long bytes;

	if (!k || !s)
		return 1;
	bytes = bpf_get_task_stack(task, k->addresses, STACK_FRAMES * sizeof(u64), BPF_F_USER_STACK);
	if (bytes <= 0)
		return 1;
	count = drop_garbage(k, bytes / sizeof(k->addresses[0]));
	k->record.frames = count;
	k->key.tgid = task->tgid;
	k->key.exec = task->self_exec_id;
	u64 hash = note_top(k, TASK(task, mm), s->call.sp);
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < STACK_FRAMES && i < count; i++)
		hash = mix(hash, k->addresses[i]);
	k->key.hash = hash;
	known = bpf_map_lookup_elem(&stacks, &k->key);
	if (!known || !is_recent_stack(*known))
		return 0;
	extra = extra_of(s->call.serial);
	if (extra)
		extra->stack_id = *known;
	return 1;
}

/* Notes the file of the program of a new stack. */
__noinline int note_program(struct task_state *s)
{
	u32 zero = 0;
	struct stack_scratch *k = bpf_map_lookup_elem(&stack_scratch, &zero);
	u64 file = (u64)LOAD(mm_struct, TASK(bpf_get_current_task_btf(), mm), exe_file);

	if (!k || !s)
		return 0;
	k->record.file_id = 0;
	if (!file)
		return 0;
	s->dentry = (u64)LOAD(file, file, f_path.dentry);
	s->mnt = (u64)LOAD(file, file, f_path.mnt);
	s->inode = (u64)LOAD(file, file, f_inode);
	k->record.file_id = intern(s, CACHED_FILES - 1);
	return 0;
}

/* Sends the new stack in the scratch, and gives it to the call; a call whose stack cannot be sent is lost. */
__noinline int announce_stack(struct task_state *s)
{
	u32 zero = 0, id, count;
	struct stack_scratch *k = bpf_map_lookup_elem(&stack_scratch, &zero);
	struct task_struct *task = bpf_get_current_task_btf();

	if (!k || !s)
		return 0;
	struct stack_record *r = &k->record;
	bpf_get_task_stack(task, k->frames, sizeof(k->frames), BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
#pragma clang loop unroll(disable)
	for (int i = 0; i < STACK_FRAMES; i++)
		k->frames[i].address = k->addresses[i];
	id = __sync_fetch_and_add(&next_stack, 1) + 1;
	if (id % STACK_SLOTS == 0) /* slot 0 stands for no stack */
		id = __sync_fetch_and_add(&next_stack, 1) + 1;
	r->nr = BIG_NR;
	r->kind = NAME_STACK;
	r->flags = CALL_NAME;
	r->stack_id = id;
	r->pid = own_number(TASK(task, group_leader));
	r->process_start_ns = TASK(task, group_leader)->start_boottime;
	r->exec = k->key.exec;
	count = r->frames;
	if (count > STACK_FRAMES)
		count = STACK_FRAMES;
	if (bpf_ringbuf_output(&ring, r, sizeof(*r) + count * sizeof(k->frames[0]), BPF_RB_NO_WAKEUP)) {
		s->call.lost = LOST_RING;
		return 0;
	}
	bpf_map_update_elem(&stacks, &k->key, &id, BPF_ANY);
	struct call_extra *extra = extra_of(s->call.serial);
	if (extra)
		extra->stack_id = id;
	return 0;
}

/* Notes the stack of the call that the current thread enters. In steps: the functions of a chain share 512 bytes of stack. */
static __always_inline void note_stack(struct task_state *s)
{
	if (find_stack(s))
		return;
	note_program(s);
	announce_stack(s);
}

#endif
