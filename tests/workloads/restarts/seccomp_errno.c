#include "../workload.h"
#include "seccomp.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("a", O_RDWR | O_CREAT, 0644));
	filter_calls(SYS_unlink, ANY_ARGUMENT, SECCOMP_RET_ERRNO | EPERM, 0);
	filter_calls(SYS_close, 33, SECCOMP_RET_ERRNO | 0, 0);
	workload_mark_begin();

	GIVES(1, CALL(write, file, "1", 1));
	FAILS(EPERM, CALL(unlink, "a"));
	GIVES(2, CALL(write, file, "23", 2));
	/* Denied with success: the program believes that it has closed something. */
	GIVES(0, CALL(close, 33));
	GIVES(0, CALL(close, file));
	FAILS(EPERM, CALL(unlink, "b"));
	workload_end();
	return 0;
}
