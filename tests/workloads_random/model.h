/*
 * What a random workload believes of the files: a tree of names, open files, and the descriptors of each process. It
 * lies in memory that all its processes share, and is changed only by who holds the lock (turns.h).
 */
#ifndef MODEL_H
#define MODEL_H

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NODES 65536	/* names ever made */
#define OPEN_FILES 65536	/* open files ever made */
#define LIVE 160	/* names at a time */
#define FDS 24	/* descriptors of a process: few, so that numbers are used again at once */
#define PROCESSES 8	/* at a time */
#define THREADS 12	/* at a time */
#define DEEPEST 6	/* directories below each other */
#define PATH_BYTES 8192
#define ERROR_FD 63	/* standard error, out of the reach of the descriptors above */
#define NONE (-1)
#define BROKEN 99	/* exit status */

enum kind { DIRECTORY, REGULAR, SYMLINK };

/* A name in a directory. It stays, without being linked, as long as the run: open files may have it. */
struct node {
	int parent, name;
	int inode;	/* the same for hard links */
	int target;	/* name of the sibling that a symlink leads to */
	int kind, linked;
};

enum what { FILE_OF_NODE, PIPE, SOCKET };

struct open_file {
	int what, node, peer, descriptors;
	unsigned long inode;
};

struct process {
	int alive, threads, directory;
	int fds[FDS];	/* open file, NONE when closed */
	char on_exec[FDS];	/* 1 when an exec closes it */
};

struct shared {
	_Atomic long logged;	/* calls */
	_Atomic long log_end;	/* bytes */
	long wanted;
	_Atomic int lock, turn;
	_Atomic int broken;	/* 1 when somebody found what cannot be: all end */
	_Atomic int alive[THREADS];	/* 1 for a thread that takes part */
	_Atomic long long random;	/* state of the shared sequence, see turns.h */
	int in_turns;
	int nodes, open_files, inodes, live;
	int living[LIVE];
	struct node node[NODES];
	struct open_file open_file[OPEN_FILES];
	struct process process[PROCESSES];
	char root[1024];
};

static struct shared *model;

static const char *const names[] = {
	"a", "b", "c", "d", "e.txt", "f", "with space", "new\nline", "\xc3\xbc", "\xff\xfe", "-x", "...",
	"long_name_0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
	"012345678901234567890123456789012345",
};
#define NAMES ((int)(sizeof(names) / sizeof(*names)))

static inline __attribute__((noreturn)) void broken(const char *what, int line, long found)
{
	dprintf(ERROR_FD, "random: line %d: %s (%ld, errno %d %s)\n", line, what, found, errno, strerror(errno));
	if (model)
		atomic_store(&model->broken, 1);
	_exit(BROKEN);
}

#define HOLDS(condition) \
	do { \
		if (!(condition)) \
			broken("this does not hold: " #condition, __LINE__, 0); \
	} while (0)

static inline struct node *node_of(int node)
{
	HOLDS(node >= 0 && node < model->nodes);
	return &model->node[node];
}

/* The linked name in a directory, NONE when it is not there. */
static inline int lookup(int parent, int name)
{
	for (int i = 0; i < model->live; i++) {
		struct node *n = node_of(model->living[i]);

		if (n->parent == parent && n->name == name)
			return model->living[i];
	}
	return NONE;
}

static inline int add_node(int parent, int name, int kind)
{
	HOLDS(model->nodes < NODES && model->live < LIVE);
	struct node *n = &model->node[model->nodes];

	*n = (struct node){ .parent = parent, .name = name, .kind = kind, .inode = ++model->inodes, .linked = 1 };
	model->living[model->live++] = model->nodes;
	return model->nodes++;
}

static inline void remove_node(int node)
{
	node_of(node)->linked = 0;
	for (int i = 0; i < model->live; i++) {
		if (model->living[i] == node)
			model->living[i] = model->living[--model->live];
	}
}

static inline int depth_of(int node)
{
	int depth = 0;

	for (; node != 0; node = node_of(node)->parent)
		depth++;
	return depth;
}

static inline int is_below(int node, int above)
{
	for (; node != 0; node = node_of(node)->parent) {
		if (node == above)
			return 1;
	}
	return above == 0;
}

static inline int is_empty(int directory)
{
	for (int i = 0; i < model->live; i++) {
		if (node_of(model->living[i])->parent == directory)
			return 0;
	}
	return 1;
}

/* Where a symlink leads, through others; NONE when nowhere. */
static inline int follow(int node)
{
	for (int i = 0; node != NONE && node_of(node)->kind == SYMLINK; i++) {
		if (i > 30)
			return NONE;
		node = lookup(node_of(node)->parent, node_of(node)->target);
	}
	return node;
}

/* Writes the absolute path of a name without a mark, and answers with its end. */
static inline char *append_path(char *to, int node)
{
	if (node == 0)
		return stpcpy(to, model->root);
	to = append_path(to, node_of(node)->parent);
	*to++ = '/';
	return stpcpy(to, names[node_of(node)->name]);
}

/* How the file of a descriptor is named. */
static inline void name_open_file(char *to, int file)
{
	struct open_file *f = &model->open_file[file];

	if (f->what == FILE_OF_NODE)
		strcpy(append_path(to, f->node), node_of(f->node)->linked ? "" : " (deleted)");
	else if (f->what == PIPE)
		sprintf(to, "pipe:[%lu]", f->inode);
	else if (model->open_file[f->peer].descriptors > 0)
		sprintf(to, "UNIX-STREAM:[%lu->%lu]", f->inode, model->open_file[f->peer].inode);
	else
		sprintf(to, "UNIX-STREAM:[%lu]", f->inode);
}

/* Makes a path absolute as the rows have it: no `.` parts, no doubled and trailing slashes; `..` stays. */
static inline void absolute_path(char *to, int base, const char *text)
{
	char whole[PATH_BYTES * 2];
	char *end = whole;

	if (text[0] != '/') {
		end = append_path(whole, base);
		*end++ = '/';
	}
	strcpy(end, text);
	*to = 0;
	for (char *part = strtok_r(whole, "/", &end); part; part = strtok_r(NULL, "/", &end)) {
		if (strcmp(part, ".") != 0) {
			*to++ = '/';
			to = stpcpy(to, part);
		}
	}
}

static inline int new_open_file(int what, int node, unsigned long inode)
{
	HOLDS(model->open_files < OPEN_FILES);
	model->open_file[model->open_files] = (struct open_file){ .what = what, .node = node, .inode = inode };
	return model->open_files++;
}

/* The descriptor that the kernel gives next, from `first` on; NONE when all are in use. */
static inline int free_fd(struct process *p, int first)
{
	for (int fd = first; fd < FDS; fd++) {
		if (p->fds[fd] == NONE)
			return fd;
	}
	return NONE;
}

static inline void drop_fd(struct process *p, int fd)
{
	if (p->fds[fd] != NONE)
		model->open_file[p->fds[fd]].descriptors--;
	p->fds[fd] = NONE;
}

static inline void set_fd(struct process *p, int fd, int file, int on_exec)
{
	HOLDS(fd >= 0 && fd < FDS);
	drop_fd(p, fd);
	p->fds[fd] = file;
	p->on_exec[fd] = on_exec != 0;
	model->open_file[file].descriptors++;
}

#endif
