#include "../workload.h"
int main(int argc, char **argv)
{
	char first[4], second[4];
	struct iovec out[2] = { { "abcd", 4 }, { "efg", 3 } };
	struct iovec in[2] = { { first, 4 }, { second, 4 } };

	workload_prepare(argc, argv);
	memset(first, 0, sizeof(first));
	workload_mark_begin();

	int fd = OK(CALL(openat, AT_FDCWD, "a", O_RDWR | O_CREAT, 0644));
	GIVES(7, CALL(writev, fd, out, 2));
	GIVES(7, CALL(pwritev, fd, out, 2, 7, 0));
	GIVES(4, CALL(pwritev2, fd, out, 1, 14, 0, 0));
	GIVES(3, CALL(pwritev2, fd, out + 1, 1, -1, -1, 0));
	GIVES(8, CALL(preadv, fd, in, 2, 2, 0));
	GIVES(8, CALL(preadv2, fd, in, 2, 0, 0, 0));
	GIVES(0, CALL(lseek, fd, 0, SEEK_SET));
	GIVES(8, CALL(readv, fd, in, 2));
	GIVES(0, CALL(readv, fd, in, 0));
	FAILS(EINVAL, CALL(readv, fd, in, 5000));
	FAILS(EOPNOTSUPP, CALL(preadv2, fd, in, 1, 0, 0, 1 << 30));
	FAILS(EBADF, CALL(writev, 9, out, 2));
	FAILS(EBADF, CALL(preadv, 9, in, 2, 0, 0));
	FAILS(EBADF, CALL(pwritev, 9, out, 2, 0, 0));

	workload_end();
	return 0;
}
