/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Path arguments: their text, and the directory it is relative to. */
#ifndef IOR_PATHS_H
#define IOR_PATHS_H

#include "files.h"

/* Sets the descriptor of a call, even one whose number is the one that stands for none. */
static __always_inline void set_fd(struct call_record *r, s32 fd)
{
	r->fd = fd;
	if (fd == NO_FD)
		r->flags |= CALL_LEAST_FD;
}

/* True for the root of a mount namespace, or of a mount over its rootfs: nothing precedes it in a path. */
static __always_inline bool is_top(u64 dentry, u64 mnt)
{
	u64 mount = mnt - bpf_core_field_offset(struct mount, mnt), above;

	if (dentry != (u64)LOAD(vfsmount, mnt, mnt_root))
		return false;
	above = (u64)LOAD(mount, mount, mnt_parent);
	if (above == mount)
		return true;
	return (u64)LOAD(mount, mount, mnt_mountpoint) == (u64)LOAD(mount, above, mnt.mnt_root) &&
	       (u64)LOAD(mount, above, mnt_parent) == above;
}

/* The directory a text is relative to. Sets `bare` in the status when its descriptor is not open. */
__noinline u32 base_of(struct task_state *s, s32 dir, u8 first, u32 bare)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct fs_struct *fs = TASK(task, fs);

	if (!s || !fs)
		return 0;
	if (first == '/') {
		if (is_top((u64)fs->root.dentry, (u64)fs->root.mnt))
			return 0;
		return intern_path(s, &fs->root);
	}
	if (dir == AT_FDCWD)
		return intern_path(s, &fs->pwd);
	if (!file_of(task, dir)) {
		s->call.text_status |= bare;
		return 0;
	}
	return intern_fd(s, task, dir);
}

/*
 * Bytes of a text with its end, of what bpf_probe_read_user_str says. Of an empty text that is 0 where the kernel's
 * strncpy_from_user_nofault() counts the end only behind other bytes (mm/maccess.c, so on 6.1): the end is there.
 */
static __always_inline long with_end(long n)
{
	if (n == 0)
		n = 1;
	barrier_var(n); /* for the verifier: what is compared is what is added */
	return n;
}

/* Reads the texts of the call one after the other: the path, then the old path of a call with two. */
__noinline int read_texts(struct text_state *t, struct call_state *c)
{
	long n, m, most;

	if (!t || !c)
		return 0;
	t->owner = c->serial;
	c->text_status &= ~(TEXT_PATH | TEXT_OLD | TEXT_FAULT | TEXT_TRUNCATED);
	n = with_end(bpf_probe_read_user_str(t->bytes, TEXT_READ, (void *)c->path_pointer));
	if (n > 0) {
		c->text_status |= TEXT_PATH;
		if (n == TEXT_READ) {
			c->text_status |= TEXT_TRUNCATED;
			n = TEXT_MAX;
		}
		t->text.length = n - 1;
	} else {
		c->text_status |= TEXT_FAULT;
		t->text.length = n = 0;
	}
	if (!c->two_texts || n < 0 || n > TEXT_MAX)
		return 0;
	if (n <= TEXTS_MAX - TEXT_READ) {
		most = TEXT_READ;
		m = bpf_probe_read_user_str(&t->bytes[n], TEXT_READ, (void *)c->old_path_pointer);
	} else {
		most = TEXTS_MAX - TEXT_MAX;
		m = bpf_probe_read_user_str(&t->bytes[n], TEXTS_MAX - TEXT_MAX, (void *)c->old_path_pointer);
	}
	m = with_end(m);
	if (m > 0) {
		c->text_status |= TEXT_OLD;
		if (m == most) {
			c->text_status |= TEXT_TRUNCATED;
			m--;
		}
		t->text.old_length = m - 1;
	} else {
		c->text_status |= TEXT_FAULT;
		t->text.old_length = 0;
	}
	return 0;
}

static __always_inline u8 old_text_first(struct text_state *t, struct call_state *c)
{
	u32 at = c->text_status & TEXT_PATH ? t->text.length + 1 : 0;

	return (c->text_status & TEXT_OLD) && at < TEXTS_MAX ? t->bytes[at] : 0;
}

/* The call works on the descriptor itself, as fstat() and futimens() do. */
static __always_inline void name_by_descriptor(struct task_struct *task, struct task_state *s, s32 dir, bool shown)
{
	struct call_state *c = &s->call;

	if (dir == AT_FDCWD) {
		c->record.file_id = intern_path(s, &TASK(task, fs)->pwd);
		return;
	}
	if (shown)
		set_fd(&c->record, dir);
	c->record.file_id = intern_fd(s, task, dir);
}

/* A null path that the call refused does not name the descriptor. */
static __always_inline void refuse_null(struct call_state *c)
{
	c->record.flags |= CALL_TEXT;
	c->record.file_id = 0;
	if (c->null_path == NULL_SHOWN) {
		c->record.fd = NO_FD;
		c->record.flags &= ~CALL_LEAST_FD;
	}
	c->text_status = TEXT_FAULT;
}

/* At the enter of a call with path arguments: keeps what its row needs of them. */
static __always_inline void enter_paths(struct task_struct *task, struct task_state *s, struct call_spec *spec, u64 *args)
{
	struct call_state *c = &s->call;
	struct text_state *t;
	u8 first = 0;

	c->dir = spec->dir ? (s32)args[spec->dir & 7] : AT_FDCWD;
	c->old_dir = spec->old_dir ? (s32)args[spec->old_dir & 7] : AT_FDCWD;
	c->path_pointer = args[spec->path & 7];
	c->old_path_pointer = args[spec->old_path & 7];
	c->two_texts = !!spec->old_path;
	c->empty_is_dir = spec->flag && (!spec->at_flags || (args[spec->at_flags & 7] & spec->flag));
	if (spec->from) {
		if ((args[spec->at_flags & 7] & MOVE_MOUNT_F_EMPTY_PATH) && c->old_dir != AT_FDCWD &&
		    !bpf_probe_read_user(&first, 1, (void *)args[spec->from & 7]) && !first)
			set_fd(&c->record, c->old_dir);
		c->old_dir = AT_FDCWD;
	}
	if (spec->dir && !spec->old_path && (c->empty_is_dir || (spec->null_is_dir && !c->path_pointer))) {
		first = 0;
		if (!c->path_pointer)
			c->null_path = spec->fd || c->dir == AT_FDCWD ? NULL_SEEN : NULL_SHOWN;
		else if (bpf_probe_read_user(&first, 1, (void *)c->path_pointer))
			first = '?';
		if (!first) {
			name_by_descriptor(task, s, c->dir, !spec->fd);
			return;
		}
	}
	c->record.flags |= CALL_TEXT;
	if (spec->flags & SPEC_RETURNS_FD) {
		/* A call that succeeds shows the file it opened. The text is read only if it fails; its base now. */
		if (bpf_probe_read_user(&first, 1, (void *)c->path_pointer))
			first = '.';
		c->text_status |= TEXT_FAULT;
		c->base_id = base_of(s, c->dir, first, TEXT_PATH_BARE);
		return;
	}
	t = bpf_task_storage_get(&texts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!t) {
		c->lost = LOST_STORAGE;
		return;
	}
	read_texts(t, c);
	first = c->text_status & TEXT_PATH ? t->bytes[0] : '.';
	c->base_id = base_of(s, c->dir, first, TEXT_PATH_BARE);
	if (c->two_texts) {
		first = old_text_first(t, c);
		c->old_base_id = base_of(s, c->old_dir, first, TEXT_OLD_BARE);
	} else if (!(c->text_status & TEXT_PATH)) {
		/* It may be absolute, and the call change the root. */
		c->old_base_id = base_of(s, AT_FDCWD, '/', 0);
	}
}

/*
 * Texts of a call about to be sent: read again if a page was missing at enter (the call has faulted it in since) or
 * if the calls of a signal handler have used the buffer.
 */
static __always_inline void leave_paths(struct task_state *s, struct text_state *t, struct call_state *c)
{
	if (t->owner == c->serial && !(c->text_status & TEXT_FAULT))
		return;
	struct text_state *aside = c->interrupted ? bpf_task_storage_get(&texts_aside, bpf_get_current_task_btf(), 0, 0) : NULL;
	if (aside && aside->owner == c->serial) {
		bpf_probe_read_kernel(&t->text, sizeof(*t) - offsetof(struct text_state, text), &aside->text);
		return;
	}
	bool path_was_missing = !(c->text_status & TEXT_PATH), old_was_missing = !(c->text_status & TEXT_OLD);
	read_texts(t, c);
	/* Without the text, the path was taken to be relative at enter. */
	if (path_was_missing && (c->text_status & TEXT_PATH) && t->bytes[0] == '/')
		c->base_id = c->two_texts || (c->spec_flags & SPEC_RETURNS_FD) ? base_of(s, AT_FDCWD, '/', 0) : c->old_base_id;
	if (!c->two_texts)
		c->old_base_id = 0;
	else if (old_was_missing && old_text_first(t, c) == '/')
		c->old_base_id = base_of(s, AT_FDCWD, '/', 0);
}

/*
 * An empty path: where the call accepts it, it stands for the descriptor it is relative to, which the call works on;
 * elsewhere it is shown as given.
 */
static __always_inline void name_empty_paths(struct text_state *t, struct call_state *c)
{
	if ((c->text_status & TEXT_OLD) && !t->text.old_length) {
		if (!c->empty_is_dir)
			c->text_status |= TEXT_OLD_BARE;
		else if (c->old_dir != AT_FDCWD)
			set_fd(&c->record, c->old_dir);
	}
	if (!(c->text_status & TEXT_PATH) || t->text.length)
		return;
	if (c->two_texts || !c->empty_is_dir) {
		c->text_status |= TEXT_PATH_BARE;
	} else if (c->dir != AT_FDCWD) {
		if (c->record.fd == NO_FD)
			set_fd(&c->record, c->dir);
		if (c->text_status & TEXT_PATH_BARE)
			c->text_status &= ~TEXT_PATH;
	}
}

/* The texts of a call about to be sent or added up; NULL when there is no memory for them. May lose the call. */
static __always_inline struct text_state *finish_texts(struct task_struct *task, struct task_state *s, struct call_state *c)
{
	struct text_state *t = bpf_task_storage_get(&texts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!t)
		return NULL;
	leave_paths(s, t, c);
	name_empty_paths(t, c);
	return t;
}

#endif
