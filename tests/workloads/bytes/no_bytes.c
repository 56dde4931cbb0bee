#include "../workload.h"
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	int ends[2], waiting;

	workload_prepare(argc, argv);
	int file = OK(open("a", O_RDWR | O_CREAT, 0644));
	OK(pipe(ends));
	workload_mark_begin();

	GIVES(7, CALL(write, ends[1], "seven !", 7));
	GIVES(0, CALL(ioctl, ends[0], FIONREAD, &waiting));
	GIVES(1048576, CALL(fcntl, ends[1], F_SETPIPE_SZ, 1048576));
	GIVES(0, CALL(ftruncate, file, 5000));
	GIVES(5000, CALL(lseek, file, 0, SEEK_END));
	GIVES(0, CALL(fallocate, file, 0, 0, 8192));
	GIVES(18, CALL(umask, 0));
	GIVES(9, CALL(fcntl, file, F_DUPFD, 9));
	workload_end();
	return 0;
}
