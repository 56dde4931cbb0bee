#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(memfd_create, (long)"buffer 1", 0));
	GIVES(2, CALL(write, 3, "hi", 2));
	GIVES(4, CALL(memfd_create, (long)"", MFD_CLOEXEC));
	OK(CALL(ftruncate, 4, 4096));
	GIVES(5, CALL(memfd_create, (long)"\xff", 0));
	OK(CALL(ftruncate, 5, 1));
	GIVES(6, CALL(memfd_create, (long)"buffer 1", 0));
	GIVES(7, CALL(openat, AT_FDCWD, "/proc/self/fd/3", O_RDONLY));
	GIVES(2, CALL(read, 7, buffer, sizeof(buffer)));
	OK(CALL(close, 6));
	workload_end();
	return 0;
}
