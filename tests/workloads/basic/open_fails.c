#include "../workload.h"
int main(int argc, char **argv)
{
	struct { uint64_t flags, mode, resolve; } how = { O_RDONLY, 0, 0x08 /* RESOLVE_BENEATH */ };

	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	workload_file("a", "x");
	CHECK(symlink("a", "to_a") == 0);
	workload_mark_begin();

	FAILS(ENOENT, CALL(open, "none", O_RDONLY));
	FAILS(EEXIST, CALL(open, "a", O_RDWR | O_CREAT | O_EXCL, 0644));
	FAILS(EISDIR, CALL(creat, "d/", 0644));
	FAILS(ENOTDIR, CALL(openat, AT_FDCWD, "a/b", O_RDONLY));
	FAILS(ELOOP, CALL(openat, AT_FDCWD, "./to_a", O_RDONLY | O_NOFOLLOW));
	FAILS(ENOTDIR, CALL(openat, AT_FDCWD, "a", O_RDONLY | O_DIRECTORY));
	FAILS(EBADF, CALL(openat, 77, "rel/./x", O_RDONLY));
	FAILS(ENOENT, CALL(openat, 77, "/none//such/", O_RDONLY));
	FAILS(EFAULT, CALL(openat, AT_FDCWD, 8, O_RDONLY));
	FAILS(EFAULT, CALL(open, NULL, O_RDONLY));
	FAILS(ENOENT, CALL(open, "", O_RDONLY));
	FAILS(EINVAL, CALL(openat2, AT_FDCWD, "a", &how, 3));
	FAILS(EXDEV, CALL(openat2, AT_FDCWD, "../x", &how, sizeof(how)));

	workload_end();
	return 0;
}
