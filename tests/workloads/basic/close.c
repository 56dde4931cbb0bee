#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	OK(CALL(open, "b", O_RDWR | O_CREAT, 0644));
	OK(CALL(open, "c", O_RDWR | O_CREAT, 0644));
	OK(CALL(close, 3));
	FAILS(EBADF, CALL(close, 3));
	FAILS(EBADF, CALL(close, -1));
	OK(CALL(close_range, 4, 5, 0));
	FAILS(EBADF, CALL(close, 4));
	FAILS(EINVAL, CALL(close_range, 5, 4, 0));
	FAILS(EBADF, CALL(read, 5, NULL, 0));

	workload_end();
	return 0;
}
