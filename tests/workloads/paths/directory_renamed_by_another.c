#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];
	struct stat facts;
	pid_t child;

	workload_prepare(argc, argv);
	OK(mkdir("d", 0755));
	OK(mkdir("d/e", 0755));
	workload_file("d/e/f", "hello");
	workload_mark_begin();

	OK(CALL(chdir, (long)"d"));
	GIVES(3, CALL(openat, AT_FDCWD, "e/f", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "e", O_PATH));
	child = OK(fork());
	if (child == 0) {
		OK(CALL(rename, (long)"../d", "../d2"));
		_exit(0);
	}
	workload_join(child);
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(stat, (long)"e/f", &facts));
	OK(CALL(newfstatat, 4, "f", &facts, 0));
	workload_end();
	return 0;
}
