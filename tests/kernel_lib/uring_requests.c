/*
 * Makes random requests to io_uring and writes down what each completion said: `uring_requests DIR SEED REQUESTS [sqpoll]`.
 * Prints a line for each completion: operation, descriptor or -, result, path or -. A request that completes more than once
 * has as many lines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define ENTRIES 256
#define BATCH 64
#define FILES 5
#define ROOM 4096

#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%d: this does not hold: " #condition " (errno %d)\n", __LINE__, errno); \
			exit(99); \
		} \
	} while (0)

static struct io_uring_params params;
static char *ring;
static struct io_uring_sqe *sqes;
static int ring_fd, files[FILES], pipe_ends[2], event, listener;
static char paths[FILES][256], buffer[BATCH][ROOM];
static struct iovec parts[BATCH];
static struct sockaddr_un address = { .sun_family = AF_UNIX };

/* What was asked for, by user_data. */
static struct asked {
	const char *name;
	int fd;
	const char *path;
	int makes;	/* the result is the descriptor */
} asked[ENTRIES];
static unsigned queued;
static uint64_t state;

static uint32_t draw(uint32_t below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % below;
}

static _Atomic uint32_t *at(uint32_t offset)
{
	return (_Atomic uint32_t *)(ring + offset);
}

static void open_ring(int polls)
{
	params.flags = IORING_SETUP_CQSIZE | (polls ? IORING_SETUP_SQPOLL : 0);
	params.cq_entries = 4096;
	params.sq_thread_idle = 50;
	ring_fd = syscall(SYS_io_uring_setup, ENTRIES, &params);
	MUST(ring_fd >= 0 && (params.features & IORING_FEAT_SINGLE_MMAP));
	ring = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe) + 65536,
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_fd, IORING_OFF_SQ_RING);
	sqes = mmap(NULL, params.sq_entries * sizeof(*sqes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_fd,
		    IORING_OFF_SQES);
	MUST(ring != MAP_FAILED && sqes != MAP_FAILED);
	MUST(!syscall(SYS_io_uring_register, ring_fd, IORING_REGISTER_FILES, files, FILES));
}

/* Queues a request; its place among those of the batch. */
static struct io_uring_sqe *ask(int op, const char *name, int fd, const char *path)
{
	uint32_t tail = atomic_load(at(params.sq_off.tail)) + queued, place = tail & (params.sq_entries - 1);
	struct io_uring_sqe *sqe = &sqes[place];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = op;
	sqe->fd = fd;
	sqe->user_data = queued;
	((uint32_t *)(ring + params.sq_off.array))[place] = place;
	asked[queued++] = (struct asked){ name, fd, path, 0 };
	return sqe;
}

static void enter(unsigned submit, unsigned wait)
{
	unsigned flags = IORING_ENTER_GETEVENTS;

	if (params.flags & IORING_SETUP_SQPOLL) {
		if (submit && (atomic_load(at(params.sq_off.flags)) & IORING_SQ_NEED_WAKEUP))
			flags |= IORING_ENTER_SQ_WAKEUP;
	}
	MUST(syscall(SYS_io_uring_enter, ring_fd, submit, wait, flags, NULL, 0) >= 0);
}

static void submit(void)
{
	atomic_fetch_add(at(params.sq_off.tail), queued);
	enter(queued, 0);
}

/* Waits for the next completion and writes it down; whether it was the last one of its request. */
static int complete(void)
{
	uint32_t head = atomic_load(at(params.cq_off.head));
	struct io_uring_cqe *results = (struct io_uring_cqe *)(ring + params.cq_off.cqes);

	while (atomic_load(at(params.cq_off.tail)) == head)
		enter(0, 1);
	struct io_uring_cqe *result = &results[head & (params.cq_entries - 1)];
	struct asked *a = &asked[result->user_data];
	int fd = a->makes ? result->res : a->fd, last = !(result->flags & IORING_CQE_F_MORE);
	char text[16] = "-";

	if (fd >= 0)
		snprintf(text, sizeof(text), "%d", fd);
	printf("%s %s %d %s\n", a->name, text, result->res, a->path ? a->path : "-");
	if (a->makes && result->res >= 0)
		close(result->res);
	atomic_store(at(params.cq_off.head), head + 1);
	return last;
}

static void finish(unsigned requests)
{
	while (requests)
		requests -= complete();
	queued = 0;
}

/* Queues one request, or two that belong together. */
static void ask_something(void)
{
	unsigned file = draw(FILES), place = queued;
	int fixed = draw(3) == 0, fd = fixed ? -1 : files[file];
	struct io_uring_sqe *sqe = NULL;

	parts[place] = (struct iovec){ buffer[place], 1 + draw(ROOM - 1) };
	switch (draw(12)) {
	case 0:
	case 1:
	case 2:
		sqe = ask(IORING_OP_READ, "READ", fd, paths[file]);
		sqe->addr = (uintptr_t)buffer[place];
		sqe->len = parts[place].iov_len;
		sqe->off = draw(20000);
		break;
	case 3:
	case 4:
		sqe = ask(IORING_OP_WRITE, "WRITE", fd, paths[file]);
		sqe->addr = (uintptr_t)buffer[place];
		sqe->len = parts[place].iov_len;
		sqe->off = draw(20000);
		break;
	case 5:
		sqe = draw(2) ? ask(IORING_OP_READV, "READV", fd, paths[file]) : ask(IORING_OP_WRITEV, "WRITEV", fd, paths[file]);
		sqe->addr = (uintptr_t)&parts[place];
		sqe->len = 1;
		sqe->off = draw(20000);
		break;
	case 6:
		sqe = ask(IORING_OP_FSYNC, "FSYNC", fd, paths[file]);
		break;
	case 7:
		/* A failure ends the chain: what follows is cancelled. */
		sqe = ask(IORING_OP_READ, "READ", 999, NULL);
		sqe->addr = (uintptr_t)buffer[place];
		sqe->len = 1;
		sqe->flags = IOSQE_IO_LINK;
		ask(IORING_OP_NOP, "NOP", -1, NULL);
		return;
	case 8:
		sqe = ask(IORING_OP_WRITE, "WRITE", files[file], paths[file]);
		sqe->addr = (uintptr_t)buffer[place];
		sqe->len = 10;
		sqe->flags = IOSQE_IO_LINK;
		ask(IORING_OP_FSYNC, "FSYNC", files[file], paths[file]);
		return;
	case 9:
		sqe = ask(IORING_OP_OPENAT, "OPENAT", -1, draw(4) ? paths[file] : NULL);
		asked[place].makes = 1;
		sqe->fd = AT_FDCWD;
		sqe->addr = (uintptr_t)(asked[place].path ? asked[place].path : "/none/such");
		sqe->open_flags = O_RDONLY;
		break;
	case 10:
		ask(IORING_OP_POLL_ADD, "POLL_ADD", pipe_ends[1], NULL)->poll32_events = POLLOUT;
		return;
	default:
		sqe = ask(IORING_OP_CLOSE, "CLOSE", 998, NULL);
		break;
	}
	if (fixed && sqe->fd == -1) {
		sqe->fd = file;
		sqe->flags |= IOSQE_FIXED_FILE;
	}
	if (!draw(4))
		sqe->flags |= IOSQE_ASYNC;
}

/* Cancels the request of number 0, which was submitted alone. */
static void cancel_it(void)
{
	queued = 0;
	struct asked first = asked[0];
	struct io_uring_sqe *sqe = ask(IORING_OP_ASYNC_CANCEL, "ASYNC_CANCEL", -1, NULL);
	sqe->addr = 0;
	sqe->user_data = 1;
	asked[1] = asked[0];
	asked[0] = first;
	submit();
	finish(2);
}

/* A poll for what never comes. */
static void poll_in_vain(void)
{
	ask(IORING_OP_POLL_ADD, "POLL_ADD", pipe_ends[0], NULL)->poll32_events = POLLIN;
	submit();
	cancel_it();
}

/* One accept for several connections. */
static void accept_many(void)
{
	struct io_uring_sqe *sqe = ask(IORING_OP_ACCEPT, "ACCEPT", -1, NULL);
	int clients[3];

	sqe->fd = listener;
	sqe->ioprio = IORING_ACCEPT_MULTISHOT;
	asked[0].makes = 1;
	submit();
	for (int i = 0; i < 3; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM, 0);
		MUST(clients[i] >= 0 && !connect(clients[i], (struct sockaddr *)&address, sizeof(address)));
		MUST(!complete());
	}
	cancel_it();
	for (int i = 0; i < 3; i++)
		close(clients[i]);
}

/* One poll for several events. */
static void poll_many(void)
{
	struct io_uring_sqe *sqe = ask(IORING_OP_POLL_ADD, "POLL_ADD", event, NULL);
	uint64_t one = 1;

	sqe->poll32_events = POLLIN;
	sqe->len = IORING_POLL_ADD_MULTI;
	submit();
	for (int i = 0; i < 3; i++) {
		MUST(write(event, &one, 8) == 8);
		MUST(!complete());
		MUST(read(event, &one, 8) == 8);
	}
	cancel_it();
}

int main(int argc, char **argv)
{
	MUST(argc >= 4 && !chdir(argv[1]));
	state = strtoull(argv[2], NULL, 10);
	long left = atol(argv[3]);
	for (int i = 0; i < FILES; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/f%d", argv[1], i);
		files[i] = open(paths[i], O_RDWR | O_CREAT, 0644);
		MUST(files[i] >= 0 && !ftruncate(files[i], 10000));
	}
	MUST(!pipe(pipe_ends));
	event = eventfd(0, 0);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "socket");
	MUST(!bind(listener, (struct sockaddr *)&address, sizeof(address)) && !listen(listener, 8));
	open_ring(argc > 4);
	while (left > 0) {
		switch (draw(20)) {
		case 0:
			poll_in_vain();
			left -= 2;
			break;
		case 1:
			accept_many();
			left -= 2;
			break;
		case 2:
			poll_many();
			left -= 2;
			break;
		default:
			for (unsigned wanted = 1 + draw(BATCH - 2); queued < wanted;)
				ask_something();
			unsigned requests = queued;
			submit();
			finish(requests);
			left -= requests;
		}
	}
	return 0;
}
