#include "../workload.h"
int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDONLY));
	OK(CALL(open, "b", O_RDWR | O_CREAT, 0644));
	GIVES(4, CALL(copy_file_range, 3, NULL, 4, NULL, 4, 0));
	GIVES(6, CALL(copy_file_range, 3, NULL, 4, NULL, 100, 0));
	GIVES(0, CALL(copy_file_range, 3, NULL, 4, NULL, 100, 0));
	FAILS(EBADF, CALL(copy_file_range, 4, NULL, 3, NULL, 4, 0));
	FAILS(EBADF, CALL(copy_file_range, 3, NULL, 44, NULL, 4, 0));
	FAILS(EBADF, CALL(copy_file_range, 44, NULL, 4, NULL, 4, 0));
	FAILS(EINVAL, CALL(copy_file_range, 3, NULL, 4, NULL, 4, 77));

	workload_end();
	return 0;
}
