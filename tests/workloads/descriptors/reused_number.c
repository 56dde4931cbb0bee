#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_file("c", "!");
	workload_mark_begin();

	static const char *const names[] = { "a", "b", "c", "b", "a" };

	for (int i = 0; i < 5; i++) {
		GIVES(3, CALL(openat, AT_FDCWD, names[i], O_RDONLY));
		GIVES(1, CALL(read, 3, buffer, 1));
		OK(CALL(close, 3));
	}
	workload_end();
	return 0;
}
