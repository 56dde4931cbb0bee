#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	static char name[256];
	struct stat facts;
	char buffer[8];

	workload_prepare(argc, argv);
	mounts_known_root();
	memset(name, 'd', 255);
	for (int i = 0; i < 15; i++) {
		OK(mkdir(name, 0755));
		OK(chdir(name));
	}
	memset(name, 'f', 250);
	name[250] = 0;
	workload_file(name, "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, name, O_RDONLY));
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	OK(CALL(stat, (long)name, &facts));
	OK(CALL(fchmod, 3, 0600));
	GIVES(4, CALL(openat, AT_FDCWD, ".", O_PATH));
	OK(CALL(newfstatat, 4, name, &facts, 0));
	FAILS(ENOENT, CALL(stat, (long)"x", &facts));
	workload_end();
	return 0;
}
