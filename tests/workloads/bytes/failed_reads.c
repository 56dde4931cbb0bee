#include "../workload.h"

int main(int argc, char **argv)
{
	char byte;
	int ends[2];

	workload_prepare(argc, argv);
	workload_file("a", "text");
	int reader = OK(open("a", O_RDONLY)), writer = OK(open("a", O_WRONLY));
	OK(pipe2(ends, O_NONBLOCK));
	workload_mark_begin();

	FAILS(EBADF, CALL(read, 77, &byte, 1));
	FAILS(EBADF, CALL(read, writer, &byte, 1));
	FAILS(EBADF, CALL(write, reader, "x", 1));
	FAILS(EFAULT, CALL(read, reader, 8, 1));
	FAILS(EAGAIN, CALL(read, ends[0], &byte, 1));
	FAILS(ESPIPE, CALL(pread64, ends[0], &byte, 1, 0));
	/* The kernel takes the low 32 bits for the descriptor. */
	GIVES(1, CALL(read, 0x100000000 + reader, &byte, 1));
	workload_end();
	return 0;
}
