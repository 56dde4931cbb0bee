#include "../workload.h"

#define CHILDREN 100

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT | O_APPEND, 0644));
	workload_mark_begin();

	for (int i = 0; i < CHILDREN; i++) {
		if (OK(fork()) == 0) {
			GIVES(1, CALL(write, file, "x", 1));
			_exit(0);
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status = -1;
		OK(wait(&status));
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	GIVES(CHILDREN, CALL(lseek, file, 0, SEEK_END));
	workload_end();
	return 0;
}
