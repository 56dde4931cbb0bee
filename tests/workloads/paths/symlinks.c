#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("real", 0755));
	workload_file("real/a", "hello");
	workload_mark_begin();

	OK(CALL(symlink, (long)"real//./a", "link"));
	OK(CALL(symlink, (long)"real", "dirlink"));
	OK(CALL(symlink, (long)"nowhere", "dangling"));
	OK(CALL(stat, (long)"link", &facts));
	OK(CALL(lstat, (long)"link", &facts));
	OK(CALL(stat, (long)"dirlink/a", &facts));
	GIVES(3, CALL(openat, AT_FDCWD, "link", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "dirlink/a", O_RDONLY));
	GIVES(5, CALL(openat, AT_FDCWD, "link", O_PATH | O_NOFOLLOW));
	FAILS(ELOOP, CALL(openat, AT_FDCWD, "link", O_RDONLY | O_NOFOLLOW));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "dangling", O_RDONLY));
	GIVES(9, CALL(readlink, (long)"link", buffer, sizeof(buffer)));
	GIVES(9, CALL(readlinkat, 5, "", buffer, sizeof(buffer)));
	FAILS(EINVAL, CALL(readlink, (long)"real/a", buffer, sizeof(buffer)));
	GIVES(6, CALL(creat, (long)"dangling", 0644));
	FAILS(EEXIST, CALL(symlink, (long)"anything", "link"));
	OK(CALL(chdir, (long)"dirlink"));
	OK(CALL(stat, (long)"a", &facts));
	OK(CALL(unlink, (long)"../link"));
	workload_end();
	return 0;
}
