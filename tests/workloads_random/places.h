/* Where a call of a random workload works: descriptors and paths, chosen at random, and how the rows must name them. */
#ifndef PLACES_H
#define PLACES_H

#include <fcntl.h>

#include "call_log.h"

/* A path argument. */
struct place {
	int parent, name;
	int node;	/* what is there, NONE when nothing */
	int dirfd;	/* AT_FDCWD, or a descriptor of a directory */
	char text[PATH_BYTES];	/* what the call is given */
	char shown[PATH_BYTES];	/* what the row must show */
};

enum { LEGACY, AT };
enum { EXISTING, ANY };

static inline int one_in(struct actor *a, int count)
{
	return pick(a, count) == 0;
}

static inline int is_open(struct actor *a, int fd)
{
	return fd >= 0 && fd < FDS && a->process->fds[fd] != NONE;
}

static inline struct open_file *file_of(struct actor *a, int fd)
{
	return is_open(a, fd) ? &model->open_file[a->process->fds[fd]] : NULL;
}

/* The name of a descriptor, NULL when it is not open. */
static inline const char *name_of_fd(struct actor *a, int fd, char *to)
{
	if (!is_open(a, fd))
		return NULL;
	name_open_file(to, a->process->fds[fd]);
	return to;
}

/* A descriptor, mostly an open one; sometimes one that is closed or cannot be. */
static inline int pick_fd(struct actor *a)
{
	int fd = pick(a, FDS);

	if (one_in(a, 12))
		return one_in(a, 4) ? 1000 : FDS + pick(a, 3);
	if (one_in(a, 12))
		return fd;
	for (int i = 0; i < FDS && !is_open(a, fd); i++)
		fd = (fd + 1) % FDS;
	return fd;
}

static inline int is_directory(struct open_file *f)
{
	return f && f->what == FILE_OF_NODE && model->node[f->node].kind == DIRECTORY;
}

/* An open descriptor of a directory that is still there, NONE when there is none. */
static inline int pick_directory_fd(struct actor *a)
{
	int fd = pick(a, FDS);

	for (int i = 0; i < FDS; i++, fd = (fd + 1) % FDS) {
		struct open_file *f = file_of(a, fd);

		if (is_directory(f) && model->node[f->node].linked)
			return fd;
	}
	return NONE;
}

static inline int pick_directory(struct actor *a)
{
	int at = pick(a, model->live);

	for (;; at = (at + 1) % model->live) {
		int node = model->living[at];

		if (model->node[node].kind == DIRECTORY && depth_of(node) < DEEPEST)
			return node;
	}
}

static inline char *append_down(char *to, int from, int node)
{
	if (node == from)
		return to;
	to = append_down(to, from, node_of(node)->parent);
	to = stpcpy(to, names[node_of(node)->name]);
	return stpcpy(to, "/");
}

/* The way from one directory to another. */
static inline char *append_way(char *to, int from, int node)
{
	for (; !is_below(node, from); from = node_of(from)->parent)
		to = stpcpy(to, "../");
	return append_down(to, from, node);
}

/* Chooses a path and spells it in one of the many ways there are. */
static inline void choose(struct actor *a, struct place *p, int calls, int which)
{
	char *to = p->text;
	int base = a->process->directory, directory = NONE;

	if (which == EXISTING && model->live > 1) {
		p->node = model->living[1 + pick(a, model->live - 1)];
		p->parent = node_of(p->node)->parent;
		p->name = node_of(p->node)->name;
	} else {
		p->parent = pick_directory(a);
		p->name = pick(a, NAMES);
		p->node = lookup(p->parent, p->name);
	}
	p->dirfd = AT_FDCWD;
	if (calls == AT && one_in(a, 2))
		directory = pick_directory_fd(a);
	if (directory != NONE) {
		p->dirfd = directory;
		base = file_of(a, directory)->node;
	}
	if (one_in(a, 3)) {
		to = append_path(to, p->parent);
		*to++ = '/';
	} else {
		if (one_in(a, 4))
			to = stpcpy(to, "./");
		to = append_way(to, base, p->parent);
	}
	if (to != p->text && one_in(a, 6))
		to = stpcpy(to, one_in(a, 2) ? "/" : "./");
	strcpy(to, names[p->name]);
	absolute_path(p->shown, base, p->text);
}

/* The same with a name behind it that nothing has: the call fails. */
static inline void go_astray(struct place *p)
{
	strcat(p->text, "/nowhere");
	strcat(p->shown, "/nowhere");
	p->node = NONE;
}

#endif
