/* What a random workload does with names: paths, directories, links. */
#ifndef NAME_ACTIONS_H
#define NAME_ACTIONS_H

#include "descriptor_actions.h"

/* Calls on one path that change no names. */
static void do_with_path(struct actor *a)
{
	char buffer[PATH_BYTES], shown[PATH_BYTES];
	struct place p;
	struct stat about;
	long ret;

	choose(a, &p, AT, one_in(a, 3) ? ANY : EXISTING);
	if (one_in(a, 8))
		go_astray(&p);
	else if (one_in(a, 10))
		strcat(p.text, "/");
#define ON_PATH(call, bytes, ...) return log_call(a, #call, NO_FD, CALL(call, __VA_ARGS__), bytes, p.shown, NULL)
	if (p.dirfd == AT_FDCWD) {
		switch (pick(a, 7)) {
		case 0:
			ON_PATH(stat, NO_BYTES, p.text, &about);
		case 1:
			ON_PATH(lstat, NO_BYTES, p.text, &about);
		case 2:
			ON_PATH(access, NO_BYTES, p.text, R_OK);
		case 3:
			ON_PATH(truncate, NO_BYTES, p.text, (long)pick(a, 3000));
		case 4:
			ON_PATH(readlink, 0, p.text, buffer, 100L);
		case 5:
			ON_PATH(chmod, NO_BYTES, p.text, 0755);
		default:
			ret = CALL(getcwd, buffer, (long)sizeof(buffer));
			append_path(shown, a->process->directory);
			HOLDS(ret == (long)strlen(shown) + 1 && strcmp(buffer, shown) == 0);
			return log_call(a, "getcwd", NO_FD, ret, 0, shown, NULL);
		}
	}
	switch (pick(a, 3)) {
	case 0:
		ON_PATH(newfstatat, NO_BYTES, p.dirfd, p.text, &about, 0);
	case 1:
		ON_PATH(faccessat, NO_BYTES, p.dirfd, p.text, R_OK);
	default:
		ON_PATH(readlinkat, 0, p.dirfd, p.text, buffer, 100L);
	}
}

/* Somebody's working directory, or above of one that is: it must stay. */
static int is_needed(int node)
{
	for (int i = 0; i < PROCESSES; i++) {
		if (model->process[i].alive && is_below(model->process[i].directory, node))
			return 1;
	}
	return 0;
}

static void do_remove(struct actor *a)
{
	struct place p;
	int at = pick(a, 2), directory;
	long ret;

	choose(a, &p, at ? AT : LEGACY, one_in(a, 6) ? ANY : EXISTING);
	directory = p.node != NONE && node_of(p.node)->kind == DIRECTORY;
	if (directory && is_needed(p.node))
		return;
	if (one_in(a, 10))
		directory = !directory; /* it fails */
	if (at)
		ret = CALL(unlinkat, p.dirfd, p.text, directory ? AT_REMOVEDIR : 0);
	else
		ret = directory ? CALL(rmdir, p.text) : CALL(unlink, p.text);
	HOLDS(ret < 0 || p.node != NONE);
	log_call(a, at ? "unlinkat" : directory ? "rmdir" : "unlink", NO_FD, ret, NO_BYTES, p.shown, NULL);
	if (ret == 0)
		remove_node(p.node);
}

static void do_mkdir(struct actor *a)
{
	struct place p;
	int at = pick(a, 2);

	if (model->live >= LIVE - 20)
		return;
	choose(a, &p, at ? AT : LEGACY, one_in(a, 6) ? EXISTING : ANY);
	long ret = at ? CALL(mkdirat, p.dirfd, p.text, 0755) : CALL(mkdir, p.text, 0755);

	HOLDS(ret == (p.node == NONE ? 0 : -EEXIST));
	log_call(a, at ? "mkdirat" : "mkdir", NO_FD, ret, NO_BYTES, p.shown, NULL);
	if (ret == 0)
		add_node(p.parent, p.name, DIRECTORY);
}

static void do_symlink(struct actor *a)
{
	struct place p;
	int at = pick(a, 2), target = pick(a, NAMES);

	if (model->live >= LIVE - 20)
		return;
	choose(a, &p, at ? AT : LEGACY, one_in(a, 6) ? EXISTING : ANY);
	long ret = at ? CALL(symlinkat, names[target], p.dirfd, p.text) : CALL(symlink, names[target], p.text);

	HOLDS(ret == (p.node == NONE ? 0 : -EEXIST));
	log_call(a, at ? "symlinkat" : "symlink", NO_FD, ret, NO_BYTES, p.shown, names[target]);
	if (ret == 0)
		node_of(add_node(p.parent, p.name, SYMLINK))->target = target;
}

static void do_link(struct actor *a)
{
	struct place old, new;
	int at = pick(a, 2);

	if (model->live >= LIVE - 20)
		return;
	choose(a, &old, at ? AT : LEGACY, one_in(a, 6) ? ANY : EXISTING);
	choose(a, &new, at ? AT : LEGACY, ANY);
	long ret = at ? CALL(linkat, old.dirfd, old.text, new.dirfd, new.text, 0) : CALL(link, old.text, new.text);

	log_call(a, at ? "linkat" : "link", NO_FD, ret, NO_BYTES, new.shown, old.shown);
	if (ret < 0)
		return;
	HOLDS(old.node != NONE && new.node == NONE && node_of(old.node)->kind != DIRECTORY);
	int made = add_node(new.parent, new.name, node_of(old.node)->kind);

	node_of(made)->inode = node_of(old.node)->inode;
	node_of(made)->target = node_of(old.node)->target;
}

static void move_node(int node, int parent, int name)
{
	node_of(node)->parent = parent;
	node_of(node)->name = name;
}

static void do_rename(struct actor *a)
{
	struct place old, new;
	int style = pick(a, 3), flags = 0;
	long ret;

	choose(a, &old, style ? AT : LEGACY, EXISTING);
	choose(a, &new, style ? AT : LEGACY, one_in(a, 3) ? EXISTING : ANY);
	if (style == 2)
		flags = one_in(a, 2) ? RENAME_NOREPLACE : one_in(a, 2) ? RENAME_EXCHANGE : 0;
	if (!(flags & RENAME_EXCHANGE) && new.node != NONE && node_of(new.node)->kind == DIRECTORY && is_needed(new.node))
		return;
	/* Not so deep that paths grow without end. */
	if (depth_of(new.parent) >= DEEPEST - 2)
		return;
	if (style == 0)
		ret = CALL(rename, old.text, new.text);
	else if (style == 1)
		ret = CALL(renameat, old.dirfd, old.text, new.dirfd, new.text);
	else
		ret = CALL(renameat2, old.dirfd, old.text, new.dirfd, new.text, flags);
	log_call(a, style == 0 ? "rename" : style == 1 ? "renameat" : "renameat2", NO_FD, ret, NO_BYTES, new.shown, old.shown);
	if (ret < 0)
		return;
	HOLDS(old.node != NONE);
	if (new.node != NONE && node_of(new.node)->inode == node_of(old.node)->inode)
		return; /* two names of one file: nothing happens, not even an exchange, see vfs_rename() */
	if (flags & RENAME_EXCHANGE) {
		HOLDS(new.node != NONE);
		move_node(new.node, old.parent, old.name);
		move_node(old.node, new.parent, new.name);
		return;
	}
	if (new.node != NONE)
		remove_node(new.node);
	move_node(old.node, new.parent, new.name);
}

static void do_chdir(struct actor *a)
{
	struct place p;
	char shown[PATH_BYTES];
	int node;
	long ret;

	if (one_in(a, 2)) {
		int fd = one_in(a, 4) ? pick_fd(a) : pick_directory_fd(a);
		const char *name = name_of_fd(a, fd, shown);

		if (fd == NONE || (is_directory(file_of(a, fd)) && !node_of(file_of(a, fd)->node)->linked))
			return;
		ret = CALL(fchdir, fd);
		HOLDS(ret != 0 || is_directory(file_of(a, fd)));
		log_call(a, "fchdir", fd, ret, NO_BYTES, name, NULL);
		node = ret == 0 ? file_of(a, fd)->node : NONE;
	} else {
		choose(a, &p, LEGACY, EXISTING);
		ret = CALL(chdir, p.text);
		log_call(a, "chdir", NO_FD, ret, NO_BYTES, p.shown, NULL);
		node = follow(p.node);
	}
	if (ret == 0) {
		HOLDS(node != NONE && node_of(node)->kind == DIRECTORY);
		a->process->directory = node;
	}
}

#endif
