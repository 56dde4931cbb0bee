#include "../workload.h"

int main(int argc, char **argv)
{
	workload_begin(argc, argv);
	OK(CALL(openat, AT_FDCWD, "a", O_RDWR | O_CREAT, 0644));
	OK(CALL(openat, AT_FDCWD, "b", O_RDWR | O_CREAT, 0644));
	GIVES(4, CALL(dup2, 3, 4));
	GIVES(2, CALL(write, 4, "hi", 2));
	GIVES(4, CALL(dup2, 4, 4));
	OK(CALL(close, 3));
	GIVES(1, CALL(write, 4, "!", 1));
	FAILS(EBADF, CALL(dup2, 3, 5));
	workload_end();
	return 0;
}
