#include "../workload.h"
#include <linux/io_uring.h>

/* Newer than the oldest headers. */
#define USE_REGISTERED_RING (1U << 31)

int main(int argc, char **argv)
{
	struct io_uring_params params = {};
	struct io_uring_rsrc_update place = { .offset = -1U };

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(io_uring_setup, 4, &params));
	place.data = 3;
	GIVES(1, CALL(io_uring_register, 3, IORING_REGISTER_RING_FDS, &place, 1));
	CHECK(place.offset == 0);
	OK(CALL(io_uring_enter, 0, 0, 0, IORING_ENTER_REGISTERED_RING));
	FAILS(EINVAL, CALL(io_uring_register, 0, IORING_REGISTER_PROBE | USE_REGISTERED_RING, 0, 0));
	OK(CALL(io_uring_enter, 3, 0, 0, 0));
	workload_end();
	return 0;
}
