#include "../workload.h"
int main(int argc, char **argv)
{
	int first[2], second[2];
	struct iovec part = { "xyz", 3 };

	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDONLY));
	OK(CALL(open, "b", O_RDWR | O_CREAT, 0644));
	GIVES(0, CALL(pipe2, first, 0));
	GIVES(0, CALL(pipe2, second, 0));
	GIVES(5, CALL(splice, 3, NULL, 6, NULL, 5, 0));
	GIVES(5, CALL(tee, 5, 8, 100, 0));
	GIVES(5, CALL(splice, 5, NULL, 4, NULL, 100, 0));
	GIVES(3, CALL(vmsplice, 6, &part, 1, 0));
	GIVES(0, CALL(splice, 3, NULL, 6, NULL, 0, 0));
	FAILS(EINVAL, CALL(splice, 3, NULL, 4, NULL, 5, 0));
	FAILS(EBADF, CALL(splice, 3, NULL, 44, NULL, 5, 0));
	FAILS(EINVAL, CALL(tee, 3, 8, 5, 0));
	FAILS(EBADF, CALL(tee, 44, 8, 5, 0));
	FAILS(EBADF, CALL(vmsplice, 44, &part, 1, 0));

	workload_end();
	return 0;
}
