/* So many processes one after the other, each with one request to a ring that they share: `uring_processes COUNT`. */
#define _GNU_SOURCE
#include <linux/io_uring.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(condition) \
	do { \
		if (!(condition)) \
			_exit(99); \
	} while (0)

int main(int argc, char **argv)
{
	struct io_uring_params params = { 0 };
	int count = argc > 1 ? atoi(argv[1]) : 0, status;
	int ring_fd = syscall(SYS_io_uring_setup, 1, &params);
	MUST(count > 0 && ring_fd >= 0 && (params.features & IORING_FEAT_SINGLE_MMAP));
	char *ring = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
			  PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQ_RING);
	/* A request of zeros is one that does nothing. */
	MUST(ring != MAP_FAILED);
	_Atomic uint32_t *tail = (_Atomic uint32_t *)(ring + params.sq_off.tail);
	_Atomic uint32_t *head = (_Atomic uint32_t *)(ring + params.cq_off.head);

	for (int i = 0; i < count; i++) {
		pid_t child = fork();
		MUST(child >= 0);
		if (child == 0) {
			atomic_fetch_add(tail, 1);
			MUST(syscall(SYS_io_uring_enter, ring_fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
			atomic_fetch_add(head, 1);
			_exit(0);
		}
		MUST(waitpid(child, &status, 0) == child && status == 0);
	}
	return 0;
}
