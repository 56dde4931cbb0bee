#include "../workload.h"
#include <asm/termbits.h>
#include <sys/file.h>
#include <sys/ioctl.h>
int main(int argc, char **argv)
{
	struct flock lock = { .l_type = F_WRLCK, .l_len = 1 };
	int count;
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "x");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDWR));
	OK(CALL(open, "a", O_RDWR));
	GIVES(0, CALL(flock, 3, LOCK_EX));
	FAILS(EAGAIN, CALL(flock, 4, LOCK_EX | LOCK_NB));
	GIVES(0, CALL(flock, 3, LOCK_UN));
	GIVES(0, CALL(fcntl, 3, F_SETLK, &lock));
	GIVES(0, CALL(fcntl, 3, F_GETLK, &lock));
	GIVES(0, CALL(fcntl, 3, F_SETFL, O_APPEND));
	GIVES(0, CALL(ioctl, 3, FIONREAD, &count));
	FAILS(ENOTTY, CALL(ioctl, 3, TCGETS, buffer));
	FAILS(EBADF, CALL(ioctl, 44, TCGETS, buffer));
	FAILS(EBADF, CALL(flock, 44, LOCK_EX));
	FAILS(EBADF, CALL(fcntl, 44, F_GETFL));
	FAILS(EINVAL, CALL(fcntl, 3, 7777));

	workload_end();
	return 0;
}
