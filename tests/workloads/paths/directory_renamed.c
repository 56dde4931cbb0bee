#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("d", 0755));
	OK(mkdir("d/e", 0755));
	workload_file("d/e/f", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "d/e/f", O_RDONLY));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(rename, (long)"d", "d2"));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(rename, (long)"d2", "d3"));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(rename, (long)"d3/e", "e"));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(rename, (long)"e", "d3/e"));
	OK(CALL(rename, (long)"d3", "d"));
	GIVES(1, CALL(read, 3, buffer, 1));
	workload_end();
	return 0;
}
