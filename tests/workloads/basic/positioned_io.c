#include "../workload.h"
int main(int argc, char **argv)
{
	char buffer[16];

	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	int fd = OK(CALL(openat, AT_FDCWD, "a", O_RDWR));
	GIVES(4, CALL(pread64, fd, buffer, 4, 2));
	GIVES(0, CALL(pread64, fd, buffer, 4, 1000));
	GIVES(3, CALL(pwrite64, fd, "xyz", 3, 100));
	GIVES(103, CALL(lseek, fd, 0, SEEK_END));
	GIVES(0, CALL(lseek, fd, 0, SEEK_SET));
	FAILS(EINVAL, CALL(lseek, fd, 0, 77));
	FAILS(EINVAL, CALL(pread64, fd, buffer, 4, -1));
	FAILS(EINVAL, CALL(pwrite64, fd, buffer, 4, -1));

	workload_end();
	return 0;
}
