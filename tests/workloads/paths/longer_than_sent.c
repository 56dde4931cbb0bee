#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	static char name[256];
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_known_root();
	memset(name, 'd', 255);
	for (int i = 0; i < 40; i++) {
		OK(mkdir(name, 0755));
		OK(chdir(name));
	}
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "f", O_RDONLY | O_CREAT, 0600));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(stat, (long)"f", &facts));
	OK(CALL(stat, (long)"/", &facts));
	OK(CALL(rename, (long)"f", "/tmp/g"));
	workload_end();
	return 0;
}
