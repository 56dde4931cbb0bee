#include "../workload.h"

int main(int argc, char **argv)
{
	char bytes[32] = "";
	struct iovec out[2] = { { "hello ", 6 }, { "world", 5 } };
	struct iovec in[2] = { { bytes, 4 }, { bytes + 8, 16 } };

	workload_prepare(argc, argv);
	int file = OK(open("a", O_RDWR | O_CREAT, 0644));
	workload_mark_begin();

	GIVES(11, CALL(writev, file, out, 2));
	GIVES(11, CALL(pwritev, file, out, 2, 11, 0));
	GIVES(11, CALL(pwritev2, file, out, 2, -1, -1, 0));
	GIVES(0, CALL(lseek, file, 0, SEEK_SET));
	GIVES(20, CALL(readv, file, in, 2));
	GIVES(20, CALL(preadv, file, in, 2, 1, 0));
	GIVES(3, CALL(preadv, file, in, 2, 19, 0));
	GIVES(20, CALL(preadv2, file, in, 2, 0, 0, 0));
	GIVES(0, CALL(readv, file, in, 0));
	FAILS(EINVAL, CALL(readv, file, in, -1));
	FAILS(EFAULT, CALL(writev, file, 8, 2));
	GIVES(5, CALL(pread64, file, bytes, 5, 6));
	GIVES(5, CALL(pwrite64, file, bytes, 5, 100));
	FAILS(EINVAL, CALL(pread64, file, bytes, 5, -1));
	workload_end();
	return 0;
}
