#include "../workload.h"

#define OWNER 4242

int main(int argc, char **argv)
{
	char path[64];

	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		OK(CALL(setresuid, OWNER, OWNER, OWNER));
		OK(CALL(unshare, CLONE_NEWUSER));
		workload_reach(&workload_shared->step[0], 1);
		workload_wait(&workload_shared->step[1], 1);
		GIVES(0, CALL(getuid));
		GIVES(1, CALL(write, file, "x", 1));
		_exit(0);
	}
	workload_wait(&workload_shared->step[0], 1);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", child);
	int map = OK(CALL(open, path, O_WRONLY));
	GIVES(8, CALL(writev, map, &(struct iovec){ "0 4242 1", 8 }, 1));
	workload_reach(&workload_shared->step[1], 1);
	workload_join(child);
	workload_end();
	return 0;
}
