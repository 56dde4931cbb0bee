#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	pid_t child = vfork();
	if (child == 0) {
		CALL(write, file, "c", 1);
		CALL(close, file);
		CALL(exit_group, 0);
	}
	CHECK(child > 0);
	GIVES(1, CALL(write, file, "p", 1));
	workload_join(child);
	workload_end();
	return 0;
}
