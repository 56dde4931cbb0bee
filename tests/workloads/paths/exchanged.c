#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	FAILS(EEXIST, CALL(renameat2, AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(renameat2, AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(1, CALL(read, 4, buffer, 1));
	workload_end();
	return 0;
}
