#include "../workload.h"

int main(int argc, char **argv)
{
	int ends[2];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	CHECK(pipe(ends) == 0 && pipe(ends) == 0);
	workload_mark_begin();

	GIVES(7, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(8, CALL(openat, AT_FDCWD, "b", O_WRONLY));
	GIVES(5, CALL(copy_file_range, 7, 0, 8, 0, 100, 0));
	GIVES(0, CALL(copy_file_range, 7, 0, 8, 0, 100, 0));
	GIVES(0, CALL(lseek, 7, 0, SEEK_SET));
	GIVES(2, CALL(sendfile, 8, 7, 0, 2));
	GIVES(3, CALL(splice, 7, 0, 4, 0, 100, 0));
	GIVES(3, CALL(tee, 3, 6, 100, 0));
	GIVES(3, CALL(splice, 3, 0, 8, 0, 100, 0));
	GIVES(1, CALL(vmsplice, 4, (&(struct iovec){ "x", 1 }), 1, 0));
	FAILS(EBADF, CALL(sendfile, 99, 7, 0, 1));
	FAILS(EBADF, CALL(copy_file_range, 99, 0, 8, 0, 1, 0));
	FAILS(EBADF, CALL(sendfile, 7, 8, 0, 1));
	workload_end();
	return 0;
}
