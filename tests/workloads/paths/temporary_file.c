#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0644));
	GIVES(5, CALL(write, 3, "hello", 5));
	OK(CALL(linkat, 3, "", AT_FDCWD, "named", AT_EMPTY_PATH));
	GIVES(4, CALL(openat, AT_FDCWD, "named", O_RDONLY));
	FAILS(EEXIST, CALL(linkat, 3, "", AT_FDCWD, "named", AT_EMPTY_PATH));
	OK(CALL(close, 4));
	workload_end();
	return 0;
}
