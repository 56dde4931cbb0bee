#include "../workload.h"
int main(int argc, char **argv)
{
	static char buffer[65536];

	workload_prepare(argc, argv);
	memset(buffer, 1, sizeof(buffer));
	workload_mark_begin();

	OK(CALL(open, "/dev/null", O_RDWR));
	GIVES(2147479552, CALL(write, 3, 4096, 2147479552));
	GIVES(2147479552, CALL(write, 3, 4096, 1L << 40));
	GIVES(2147479552, CALL(pwrite64, 3, 4096, 3L << 30, 1L << 50));
	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	GIVES(0, CALL(ftruncate, 4, 1L << 40));
	GIVES(1L << 40, CALL(lseek, 4, 0, SEEK_END));
	GIVES(65536, CALL(pread64, 4, buffer, 65536, 1L << 39));
	GIVES(65535, CALL(pread64, 4, buffer, 65535, (1L << 40) - 65535));

	workload_end();
	return 0;
}
