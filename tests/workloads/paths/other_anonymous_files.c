#include "../workload.h"
#include <linux/io_uring.h>
#include <linux/landlock.h>

int main(int argc, char **argv)
{
	struct io_uring_params ring = { 0 };
	struct landlock_ruleset_attr rules = { .handled_access_fs = 1 };

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(io_uring_setup, 4, &ring));
	GIVES(4, CALL(landlock_create_ruleset, (long)&rules, 8, 0));
	GIVES(5, CALL(openat, AT_FDCWD, "/proc/self/ns/uts", O_RDONLY));
	OK(CALL(close, 3));
	OK(CALL(close, 4));
	OK(CALL(close, 5));
	workload_end();
	return 0;
}
