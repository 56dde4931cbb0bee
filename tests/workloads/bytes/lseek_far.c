#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	GIVES(3, open("/proc/self/mem", O_RDONLY));
	workload_mark_begin();

	GIVES((1L << 32) + 1, CALL(lseek, 3, (1L << 32) + 1, SEEK_SET));
	GIVES((1L << 53) - 1, CALL(lseek, 3, (1L << 53) - 1, SEEK_SET));
	GIVES((1L << 53) + 1, CALL(lseek, 3, (1L << 53) + 1, SEEK_SET));
	GIVES((1L << 60) + 1, CALL(lseek, 3, (1L << 60) + 1, SEEK_SET));
	GIVES(INT64_MAX, CALL(lseek, 3, INT64_MAX, SEEK_SET));
	/* A kernel address as position: negative as a number, and no error. */
	GIVES(-4097, CALL(lseek, 3, -4097L, SEEK_SET));
	GIVES(-(1L << 60) - 1, CALL(lseek, 3, -(1L << 60) - 1, SEEK_SET));
	workload_end();
	return 0;
}
