#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char path[5000];
	pid_t child;

	workload_prepare(argc, argv);
	OK(mkdir("m", 0755));
	workload_file("m/f", "outside");
	workload_mark_begin();

	child = OK(fork());
	if (child == 0) {
		mounts_of_our_own();
		OK(CALL(mount, (long)"none", "m", "tmpfs", 0, 0));
		FAILS(ENOENT, CALL(openat, AT_FDCWD, "m/f", O_RDONLY));
		GIVES(3, CALL(openat, AT_FDCWD, "m/g", O_RDWR | O_CREAT, 0644));
		OK(CALL(rename, (long)"m/g", "m/h"));
		GIVES(2, CALL(write, 3, "in", 2));
		workload_reach(&workload_shared->step[0], 1);
		workload_wait(&workload_shared->step[1], 1);
		_exit(0);
	}
	workload_wait(&workload_shared->step[0], 1);
	GIVES(3, CALL(openat, AT_FDCWD, "m/f", O_RDONLY));
	FAILS(ENOENT, CALL(stat, (long)"m/h", &facts));
	/* The way into the other namespace. */
	snprintf(path, sizeof(path), "/proc/%d/root%s/m/h", child, workload_dir);
	GIVES(4, CALL(openat, AT_FDCWD, path, O_RDONLY));
	OK(CALL(fstat, 4, &facts));
	CHECK(facts.st_size == 2);
	workload_reach(&workload_shared->step[1], 1);
	workload_join(child);
	workload_end();
	return 0;
}
