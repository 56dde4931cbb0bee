#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	OK(CALL(open, "b", O_RDWR | O_CREAT, 0644));
	pid_t child = OK(CALL(fork));
	if (child == 0) {
		GIVES(2, CALL(write, 3, "hi", 2));
		OK(CALL(close, 3));
		GIVES(3, CALL(open, "c", O_RDWR | O_CREAT, 0644));
		GIVES(4, CALL(dup2, 3, 4));
		GIVES(1, CALL(write, 4, "x", 1));
		_exit(0);
	}
	workload_join(child);
	GIVES(3, CALL(write, 3, "abc", 3));
	GIVES(3, CALL(write, 4, "abc", 3));

	workload_end();
	return 0;
}
