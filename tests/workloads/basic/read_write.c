#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[16];

	workload_prepare(argc, argv);
	workload_file("a", "hello world\n");
	workload_mark_begin();

	int fd = OK(CALL(openat, AT_FDCWD, "a", O_RDWR));
	GIVES(5, CALL(read, fd, buffer, 5));
	GIVES(7, CALL(read, fd, buffer, sizeof(buffer)));
	GIVES(0, CALL(read, fd, buffer, sizeof(buffer)));
	GIVES(0, CALL(read, fd, buffer, 0));
	GIVES(3, CALL(write, fd, "abc", 3));
	GIVES(0, CALL(write, fd, "abc", 0));
	OK(CALL(close, fd));
	workload_end();
	return 0;
}
