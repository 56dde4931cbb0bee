#include "../workload.h"

int main(int argc, char **argv)
{
	long at = 4;

	workload_prepare(argc, argv);
	workload_file("source", "0123456789");
	int source = OK(open("source", O_RDONLY)), target = OK(open("target", O_RDWR | O_CREAT, 0644));
	workload_mark_begin();

	GIVES(10, CALL(copy_file_range, source, 0, target, 0, 64, 0));
	GIVES(0, CALL(copy_file_range, source, 0, target, 0, 64, 0));
	GIVES(6, CALL(sendfile, target, source, &at, 64));
	GIVES(0, CALL(sendfile, target, source, &at, 64));
	FAILS(EBADF, CALL(sendfile, target, 77, 0, 64));
	FAILS(EBADF, CALL(sendfile, 78, source, 0, 64));
	FAILS(EBADF, CALL(copy_file_range, target, 0, source, 0, 64, 0));
	workload_end();
	return 0;
}
