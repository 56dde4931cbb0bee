#include "../workload.h"

int main(int argc, char **argv)
{
	char path[64];

	workload_prepare(argc, argv);
	workload_mark_begin();

	static const char *const names[] = { "one", "two", "three" };

	for (int i = 0; i < 12; i++) {
		const char *name = names[i % 3];

		snprintf(path, sizeof(path), "%s/%s", name, names[i % 2]);
		OK(CALL(mkdir, (long)name, 0755));
		GIVES(3, CALL(openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0644));
		GIVES(1, CALL(write, 3, "x", 1));
		OK(CALL(unlink, (long)path));
		OK(CALL(rmdir, (long)name));
		OK(CALL(close, 3));
	}
	workload_end();
	return 0;
}
