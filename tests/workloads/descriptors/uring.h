/* The smallest use of io_uring: one request at a time, done when uring_do returns. */
#ifndef URING_H
#define URING_H

#include <linux/io_uring.h>

/* Number of the ring's own descriptor, out of the way of those a scenario counts on. */
#define URING_FD 100

static struct io_uring_params uring_params;
static char *uring_ring;
static struct io_uring_sqe *uring_requests;

/* Makes the ring; before the begin marker. */
static inline void uring_prepare(void)
{
	int fd = OK(syscall(SYS_io_uring_setup, 1, &uring_params));
	size_t queue = uring_params.sq_off.array + uring_params.sq_entries * sizeof(uint32_t);
	size_t results = uring_params.cq_off.cqes + uring_params.cq_entries * sizeof(struct io_uring_cqe);

	CHECK(uring_params.features & IORING_FEAT_SINGLE_MMAP);
	uring_ring = mmap(NULL, queue > results ? queue : results, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			  IORING_OFF_SQ_RING);
	uring_requests = mmap(NULL, sizeof(*uring_requests), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			      IORING_OFF_SQES);
	CHECK(uring_ring != MAP_FAILED && uring_requests != MAP_FAILED);
	GIVES(URING_FD, dup2(fd, URING_FD));
	OK(close(fd));
}

/* Does one request and returns its result, a negative error number on failure. One call: io_uring_enter, family AIO. */
static inline int uring_do(const struct io_uring_sqe *request)
{
	_Atomic uint32_t *tail = (_Atomic uint32_t *)(uring_ring + uring_params.sq_off.tail);
	_Atomic uint32_t *head = (_Atomic uint32_t *)(uring_ring + uring_params.cq_off.head);
	uint32_t *slots = (uint32_t *)(uring_ring + uring_params.sq_off.array);
	struct io_uring_cqe *results = (struct io_uring_cqe *)(uring_ring + uring_params.cq_off.cqes);
	uint32_t mask = *(uint32_t *)(uring_ring + uring_params.cq_off.ring_mask);

	uring_requests[0] = *request;
	slots[0] = 0;
	atomic_fetch_add(tail, 1);
	GIVES(1, CALL(io_uring_enter, URING_FD, 1, 1, IORING_ENTER_GETEVENTS, 0, 0));
	int result = results[atomic_load(head) & mask].res;
	atomic_fetch_add(head, 1);
	return result;
}

#endif
