#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(0, CALL(read, 0, buffer, sizeof(buffer)));
	GIVES(3, CALL(dup, 0));
	OK(CALL(close, 0));
	FAILS(EBADF, CALL(read, 0, buffer, sizeof(buffer)));
	GIVES(0, CALL(read, 3, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
