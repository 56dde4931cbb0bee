#include "../workload.h"

int main(int argc, char **argv)
{
	int first[2], second[2];
	long at = 0;

	workload_prepare(argc, argv);
	workload_file("source", "0123456789");
	int source = OK(open("source", O_RDONLY)), target = OK(open("target", O_RDWR | O_CREAT, 0644));
	OK(pipe(first));
	OK(pipe(second));
	workload_mark_begin();

	GIVES(10, CALL(splice, source, &at, first[1], 0, 64, 0));
	GIVES(10, CALL(tee, first[0], second[1], 64, SPLICE_F_NONBLOCK));
	GIVES(10, CALL(splice, first[0], 0, target, 0, 64, 0));
	GIVES(0, CALL(splice, source, &at, first[1], 0, 64, 0));
	FAILS(EAGAIN, CALL(tee, first[0], second[1], 64, SPLICE_F_NONBLOCK));
	GIVES(4, CALL(vmsplice, first[1], &(struct iovec){ "abcd", 4 }, 1, 0));
	FAILS(EBADF, CALL(splice, 77, 0, target, 0, 64, 0));
	FAILS(EBADF, CALL(tee, first[0], 78, 64, 0));
	workload_end();
	return 0;
}
