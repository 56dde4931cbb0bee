#include "../workload.h"
int main(int argc, char **argv)
{
	int ends[2];
	long zero = 0;

	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDONLY));
	OK(CALL(open, "b", O_RDWR | O_CREAT, 0644));
	GIVES(4, CALL(sendfile, 4, 3, NULL, 4));
	GIVES(6, CALL(sendfile, 4, 3, NULL, 100));
	GIVES(0, CALL(sendfile, 4, 3, NULL, 100));
	FAILS(EBADF, CALL(sendfile, 3, 4, NULL, 4));
	FAILS(EBADF, CALL(sendfile, 44, 3, NULL, 4));
	FAILS(EBADF, CALL(sendfile, 4, 44, NULL, 4));
	GIVES(0, CALL(pipe2, ends, 0));
	GIVES(3, CALL(sendfile, 6, 3, &zero, 3));

	workload_end();
	return 0;
}
