#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(unlink, (long)"a"));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(4, CALL(openat, AT_FDCWD, "a", O_RDWR | O_CREAT, 0644));
	GIVES(2, CALL(write, 4, "hi", 2));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(unlink, (long)"a"));
	OK(CALL(close, 4));
	GIVES(4, CALL(openat, AT_FDCWD, "a", O_RDWR | O_CREAT, 0644));
	GIVES(1, CALL(write, 4, "x", 1));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
