#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];
	pid_t child;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	child = OK(vfork());
	if (child == 0) {
		OK(CALL(close, 3));
		GIVES(3, CALL(openat, AT_FDCWD, "b", O_RDONLY));
		GIVES(1, CALL(read, 3, buffer, 1));
		_exit(0);
	}
	workload_join(child);
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
