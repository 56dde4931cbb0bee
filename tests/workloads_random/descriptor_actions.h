/* What a random workload does with descriptors. */
#ifndef DESCRIPTOR_ACTIONS_H
#define DESCRIPTOR_ACTIONS_H

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "places.h"

/* Makes a call; a failure is the negative error. */
#define CALL(name, ...) result(syscall(SYS_##name, ##__VA_ARGS__))

static long result(long ret)
{
	return ret == -1 ? -errno : ret;
}

static void opened(struct actor *a, const char *call, struct place *p, long ret, int flags)
{
	char shown[PATH_BYTES];
	int node = p->node;

	if (ret < 0) {
		HOLDS(ret != -EBADF && ret != -EFAULT && ret != -EINVAL);
		return log_call(a, call, NO_FD, ret, NO_BYTES, p->shown, NULL);
	}
	HOLDS(ret == free_fd(a->process, 0));
	if (!(flags & O_NOFOLLOW))
		node = follow(node);
	if (node == NONE) {
		HOLDS((flags & O_CREAT) && p->node == NONE);
		node = add_node(p->parent, p->name, REGULAR);
	}
	set_fd(a->process, ret, new_open_file(FILE_OF_NODE, node, 0), flags & O_CLOEXEC);
	name_open_file(shown, a->process->fds[ret]);
	log_call(a, call, ret, ret, NO_BYTES, shown, NULL);
}

static void do_open(struct actor *a)
{
	static const int modes[] = { O_RDONLY, O_RDWR, O_RDWR, O_RDWR | O_APPEND, O_WRONLY, O_RDONLY | O_DIRECTORY, O_PATH,
		O_PATH | O_NOFOLLOW };
	struct place p;
	int flags = modes[pick(a, sizeof(modes) / sizeof(*modes))], at = pick(a, 2);

	choose(a, &p, at ? AT : LEGACY, one_in(a, 3) ? ANY : EXISTING);
	/* A symlink that leads nowhere would make its target. */
	if (!(flags & (O_PATH | O_DIRECTORY)) && one_in(a, 2) && (p.node == NONE || node_of(p.node)->kind != SYMLINK) &&
	    model->live < LIVE - 20)
		flags |= O_CREAT | (one_in(a, 4) ? O_EXCL : 0) | (one_in(a, 4) ? O_TRUNC : 0);
	else if (one_in(a, 12))
		go_astray(&p);
	if (one_in(a, 2))
		flags |= O_CLOEXEC;
	if (!at && (flags & O_CREAT) && !(flags & O_EXCL) && one_in(a, 3))
		opened(a, "creat", &p, CALL(creat, p.text, 0644), O_CREAT);
	else if (at)
		opened(a, "openat", &p, CALL(openat, p.dirfd, p.text, flags, 0644), flags);
	else
		opened(a, "open", &p, CALL(open, p.text, flags, 0644), flags);
}

static void do_close(struct actor *a)
{
	char shown[PATH_BYTES];
	int fd = pick_fd(a);
	const char *name = name_of_fd(a, fd, shown);
	long ret = CALL(close, fd);

	HOLDS(ret == (name ? 0 : -EBADF));
	log_call(a, "close", fd, ret, NO_BYTES, name, NULL);
	if (name)
		drop_fd(a->process, fd);
}

static void do_close_range(struct actor *a)
{
	int first = pick(a, FDS), last = first + pick(a, 3);

	HOLDS(CALL(close_range, first, last, 0) == 0);
	log_call(a, "close_range", NO_FD, 0, NO_BYTES, NULL, NULL);
	for (int fd = first; fd <= last && fd < FDS; fd++)
		drop_fd(a->process, fd);
}

static void do_dup(struct actor *a)
{
	char shown[PATH_BYTES];
	int fd = pick_fd(a), to = one_in(a, 3) ? pick_fd(a) : pick(a, FDS), on_exec = 0;
	const char *name = name_of_fd(a, fd, shown), *call;
	long ret;

	switch (pick(a, 5)) {
	case 0:
		ret = CALL(dup, fd), call = "dup", to = free_fd(a->process, 0);
		break;
	case 1:
		on_exec = pick(a, 2);
		ret = CALL(dup3, fd, to, on_exec ? O_CLOEXEC : 0), call = "dup3";
		break;
	case 2:
		on_exec = pick(a, 2), call = "fcntl";
		ret = CALL(fcntl, fd, on_exec ? F_DUPFD_CLOEXEC : F_DUPFD, to);
		to = to < FDS ? free_fd(a->process, to) : NONE;
		break;
	default:
		ret = CALL(dup2, fd, to), call = "dup2";
		if (fd == to && ret >= 0)
			on_exec = a->process->on_exec[fd];
	}
	HOLDS(ret < 0 || (name && ret == to));
	log_call(a, call, fd, ret, NO_BYTES, name, NULL);
	if (ret >= 0 && ret != fd)
		set_fd(a->process, ret, a->process->fds[fd], on_exec);
}

/* Two ends at once; the number by which they are named comes from fstat. */
static void do_pair(struct actor *a)
{
	int fds[2] = { NONE, NONE }, socket = pick(a, 2), on_exec = pick(a, 2), files[2];
	int first = free_fd(a->process, 0), second = first == NONE ? NONE : free_fd(a->process, first + 1);
	const char *call = socket ? "socketpair" : on_exec ? "pipe2" : "pipe";
	long ret;

	if (socket)
		ret = CALL(socketpair, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | (on_exec ? SOCK_CLOEXEC : 0), 0, fds);
	else if (on_exec)
		ret = CALL(pipe2, fds, O_NONBLOCK | O_CLOEXEC);
	else
		ret = CALL(pipe, fds);
	HOLDS(ret == (second == NONE ? -EMFILE : 0));
	log_call(a, call, NO_FD, ret, NO_BYTES, NULL, NULL);
	if (ret < 0)
		return;
	HOLDS(fds[0] == first && fds[1] == second);
	for (int i = 0; i < 2; i++) {
		files[i] = new_open_file(socket ? SOCKET : PIPE, NONE, 0);
		set_fd(a->process, fds[i], files[i], on_exec);
	}
	model->open_file[files[0]].peer = files[1];
	model->open_file[files[1]].peer = files[0];
	struct stat about[2];

	for (int i = 0; i < 2; i++) {
		HOLDS(CALL(fstat, fds[i], &about[i]) == 0);
		model->open_file[files[i]].inode = about[i].st_ino;
	}
	/* Both numbers are needed for either name. */
	char shown[PATH_BYTES];

	for (int i = 0; i < 2; i++)
		log_call(a, "fstat", fds[i], 0, NO_BYTES, name_of_fd(a, fds[i], shown), NULL);
	for (int i = 0; i < 2 && strcmp(call, "pipe") == 0; i++) {
		ret = CALL(fcntl, fds[i], F_SETFL, O_NONBLOCK);
		log_call(a, "fcntl", fds[i], ret, NO_BYTES, name_of_fd(a, fds[i], shown), NULL);
	}
}

/* Calls on one descriptor that change neither names nor descriptors. */
static void do_with_fd(struct actor *a)
{
	char shown[PATH_BYTES], buffer[3000];
	struct stat about;
	int fd = pick_fd(a);
	const char *name = name_of_fd(a, fd, shown);
	long size = pick(a, 2) ? pick(a, 20) : pick(a, sizeof(buffer));

	memset(buffer, 'x', sizeof(buffer));
#define WITH(call, bytes, ...) return log_call(a, #call, fd, CALL(call, fd, ##__VA_ARGS__), bytes, name, NULL)
	switch (pick(a, 14)) {
	case 0 ... 3:
		WITH(read, 0, buffer, size);
	case 4 ... 6:
		WITH(write, 0, buffer, size);
	case 7:
		WITH(pread64, 0, buffer, size, (long)pick(a, 100));
	case 8:
		WITH(pwrite64, 0, buffer, size, (long)pick(a, 100));
	case 9:
		WITH(lseek, NO_BYTES, (long)pick(a, 100), SEEK_SET);
	case 10:
		WITH(ftruncate, NO_BYTES, (long)pick(a, 5000));
	case 11:
		WITH(getdents64, 0, buffer, (long)sizeof(buffer));
	case 12:
		WITH(fcntl, NO_BYTES, F_GETFL);
	default:
		WITH(fstat, NO_BYTES, &about);
	}
}

static void do_set_on_exec(struct actor *a)
{
	char shown[PATH_BYTES];
	int fd = pick_fd(a), on_exec = pick(a, 2);
	const char *name = name_of_fd(a, fd, shown);
	long ret = CALL(fcntl, fd, F_SETFD, on_exec ? FD_CLOEXEC : 0);

	HOLDS(ret == (name ? 0 : -EBADF));
	log_call(a, "fcntl", fd, ret, NO_BYTES, name, NULL);
	if (name)
		a->process->on_exec[fd] = on_exec;
}

#endif
