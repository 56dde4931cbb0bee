#include "../workload.h"
int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "x");
	CHECK(mkdir("d", 0755) == 0);
	workload_mark_begin();

	GIVES(0, CALL(link, "a", "b"));
	GIVES(0, CALL(linkat, AT_FDCWD, "./a", AT_FDCWD, "d/c", 0));
	GIVES(0, CALL(symlink, "../no//where/.", "s"));
	GIVES(0, CALL(symlinkat, "a", AT_FDCWD, "d/s"));
	GIVES(14, CALL(readlink, "s", buffer, sizeof(buffer)));
	GIVES(3, CALL(readlink, "s", buffer, 3));
	GIVES(1, CALL(readlinkat, AT_FDCWD, "d/s", buffer, sizeof(buffer)));
	FAILS(EINVAL, CALL(readlink, "a", buffer, sizeof(buffer)));
	FAILS(ENOENT, CALL(readlinkat, AT_FDCWD, "none", buffer, sizeof(buffer)));
	GIVES(0, CALL(unlink, "b"));
	GIVES(0, CALL(unlinkat, AT_FDCWD, "d/c", 0));
	FAILS(ENOENT, CALL(unlink, "b"));
	FAILS(EISDIR, CALL(unlink, "d"));
	FAILS(ENOENT, CALL(unlinkat, AT_FDCWD, "d/c", 0));
	FAILS(EEXIST, CALL(link, "a", "s"));
	FAILS(ENOENT, CALL(linkat, AT_FDCWD, "none", AT_FDCWD, "x", 0));
	FAILS(EEXIST, CALL(symlink, "t", "a"));
	FAILS(ENOENT, CALL(symlinkat, "", AT_FDCWD, "x"));

	workload_end();
	return 0;
}
