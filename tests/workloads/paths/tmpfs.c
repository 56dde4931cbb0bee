#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	char buffer[4096];

	workload_prepare(argc, argv);
	mounts_known_root();
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "f", O_RDWR | O_CREAT, 0644));
	GIVES(5, CALL(write, 3, "hello", 5));
	GIVES(5, CALL(pread64, 3, buffer, 64, 0));
	GIVES(4, CALL(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY));
	/* Three entries of 24 bytes: ".", "..", "f". */
	GIVES(72, CALL(getdents64, 4, buffer, sizeof(buffer)));
	GIVES(0, CALL(getdents64, 4, buffer, sizeof(buffer)));
	OK(CALL(unlink, (long)"f"));
	GIVES(5, CALL(pread64, 3, buffer, 64, 0));
	GIVES(5, CALL(openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0644));
	GIVES(1, CALL(write, 5, "x", 1));
	workload_end();
	return 0;
}
