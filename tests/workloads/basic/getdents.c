#include "../workload.h"
int main(int argc, char **argv)
{
	char buffer[4096];

	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	workload_file("d/f", "x");
	workload_mark_begin();

	OK(CALL(open, "d", O_RDONLY | O_DIRECTORY));
	GIVES(72, CALL(getdents64, 3, buffer, sizeof(buffer)));
	GIVES(0, CALL(getdents64, 3, buffer, sizeof(buffer)));
	GIVES(0, CALL(lseek, 3, 0, SEEK_SET));
	GIVES(72, CALL(getdents, 3, buffer, sizeof(buffer)));
	GIVES(0, CALL(lseek, 3, 0, SEEK_SET));
	FAILS(EINVAL, CALL(getdents64, 3, buffer, 10));
	OK(CALL(open, "d/f", O_RDONLY));
	FAILS(ENOTDIR, CALL(getdents64, 4, buffer, sizeof(buffer)));
	FAILS(EBADF, CALL(getdents64, 44, buffer, sizeof(buffer)));

	workload_end();
	return 0;
}
