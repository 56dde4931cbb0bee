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
	GIVES(5, CALL32(WRITE, file, text, 5));
	GIVES(self, CALL32(GETPID));
	GIVES(10, CALL32(LSEEK, file, 0, SEEK_CUR));
	GIVES(-ENOSYS, CALL32(VM86OLD));
	GIVES(-ENOSYS, call32(511, (struct workload_arguments){ 0 }));
	GIVES(0, CALL(close, file));
	workload_end();
	return 0;
}
