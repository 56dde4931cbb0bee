#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	GIVES(5, CALL(write, 3, "hello", 5));
	GIVES(0, CALL(fdatasync, 3));
	GIVES(0, CALL(fsync, 3));
	GIVES(0, CALL(sync_file_range, 3, 0, 5, 2 /* SYNC_FILE_RANGE_WRITE */));
	GIVES(0, CALL(fadvise64, 3, 0, 5, POSIX_FADV_DONTNEED));
	GIVES(0, CALL(readahead, 3, 0, 5));
	GIVES(4, CALL(open, "/dev/null", O_RDWR));
	FAILS(EINVAL, CALL(fsync, 4));
	FAILS(EINVAL, CALL(fdatasync, 4));
	FAILS(EBADF, CALL(fsync, 44));
	FAILS(EBADF, CALL(fdatasync, 44));
	FAILS(EBADF, CALL(syncfs, 44));
	FAILS(EINVAL, CALL(sync_file_range, 3, -1, 5, 2));
	FAILS(EBADF, CALL(fadvise64, 44, 0, 5, 0));
	FAILS(EBADF, CALL(readahead, 44, 0, 5));

	workload_end();
	return 0;
}
