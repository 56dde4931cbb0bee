#include "../workload.h"
int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDWR));
	GIVES(0, CALL(truncate, "a", 3));
	GIVES(0, CALL(ftruncate, 3, 100));
	GIVES(0, CALL(fallocate, 3, 0, 0, 8192));
	FAILS(ENOENT, CALL(truncate, "none", 3));
	FAILS(EISDIR, CALL(truncate, ".", 3));
	FAILS(EINVAL, CALL(truncate, "a", -1));
	OK(CALL(open, "a", O_RDONLY));
	FAILS(EINVAL, CALL(ftruncate, 4, 3));
	FAILS(EBADF, CALL(fallocate, 4, 0, 0, 10));
	FAILS(EBADF, CALL(ftruncate, 44, 3));
	FAILS(EBADF, CALL(fallocate, 44, 0, 0, 10));
	FAILS(EINVAL, CALL(fallocate, 3, 0, 0, -1));

	workload_end();
	return 0;
}
