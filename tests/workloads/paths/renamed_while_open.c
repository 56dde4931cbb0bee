#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDWR));
	GIVES(2, CALL(read, 3, buffer, 2));
	OK(CALL(rename, (long)"a", "b"));
	GIVES(2, CALL(read, 3, buffer, 2));
	FAILS(ENOENT, CALL(rename, (long)"a", "c"));
	OK(CALL(rename, (long)"b", "a"));
	GIVES(1, CALL(read, 3, buffer, 2));
	OK(CALL(rename, (long)"a", "b"));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
