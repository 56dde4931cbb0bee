#include "../workload.h"
#include "compat32.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	char *text = strcpy(low_memory(), "hello");
	pid_t self = getpid();
	workload_mark_begin();

	GIVES(5, CALL(write, file, text, 5));
	GIVES(5, call32(NR32_WRITE, file, (long)text, 5));
	GIVES(self, call32(NR32_GETPID, 0, 0, 0));
	GIVES(10, call32(NR32_LSEEK, file, 0, SEEK_CUR));
	GIVES(0, CALL(close, file));
	workload_end();
	return 0;
}
