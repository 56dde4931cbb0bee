#include "../workload.h"
int main(int argc, char **argv)
{
	int ends[2], others[2];
	char buffer[8];

	workload_prepare(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	workload_mark_begin();

	GIVES(0, CALL(pipe, ends));
	GIVES(0, CALL(pipe2, others, O_NONBLOCK | O_CLOEXEC));
	GIVES(5, CALL(write, 4, "hello", 5));
	GIVES(3, CALL(read, 3, buffer, 3));
	FAILS(EAGAIN, CALL(read, 5, buffer, 3));
	FAILS(ESPIPE, CALL(lseek, 3, 0, SEEK_SET));
	FAILS(ESPIPE, CALL(pread64, 3, buffer, 1, 0));
	OK(CALL(close, 4));
	GIVES(2, CALL(read, 3, buffer, 3));
	GIVES(0, CALL(read, 3, buffer, 3));
	OK(CALL(close, 5));
	FAILS(EPIPE, CALL(write, 6, "x", 1));
	FAILS(EFAULT, CALL(pipe, 8));
	FAILS(EINVAL, CALL(pipe2, ends, 1));

	workload_end();
	return 0;
}
