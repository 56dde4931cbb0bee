#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char buffer[8];

	workload_prepare(argc, argv);
	mounts_known_root();
	for (int i = 0; i < 2044; i++) {
		OK(mkdir("d", 0755));
		OK(chdir("d"));
	}
	workload_file("ff", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "ff", O_RDONLY));
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	OK(CALL(stat, (long)"ff", &facts));
	OK(CALL(stat, (long)".", &facts));
	workload_end();
	return 0;
}
