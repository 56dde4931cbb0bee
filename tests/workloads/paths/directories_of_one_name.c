#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("one", 0755));
	OK(mkdir("one/d", 0755));
	OK(mkdir("two", 0755));
	workload_file("one/d/f", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "one/d/f", O_RDONLY));
	OK(CALL(rename, (long)"one/d", "two/d"));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(mkdir, (long)"one/d", 0755));
	GIVES(4, CALL(openat, AT_FDCWD, "one/d/f", O_RDWR | O_CREAT, 0644));
	OK(CALL(renameat2, AT_FDCWD, "one/d", AT_FDCWD, "two/d", RENAME_EXCHANGE));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(1, CALL(write, 4, "x", 1));
	OK(CALL(renameat2, AT_FDCWD, "one", AT_FDCWD, "two", RENAME_EXCHANGE));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(1, CALL(write, 4, "x", 1));
	workload_end();
	return 0;
}
