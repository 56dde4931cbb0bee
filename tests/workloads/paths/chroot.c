#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("jail", 0755));
	OK(mkdir("jail/etc", 0755));
	workload_file("jail/etc/f", "hello");
	workload_file("outside", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "outside", O_RDONLY));
	FAILS(ENOENT, CALL(chroot, (long)"missing"));
	OK(CALL(chroot, (long)"jail"));
	/* The working directory is still outside of the new root. */
	OK(CALL(stat, (long)"outside", &facts));
	OK(CALL(chdir, (long)"/"));
	GIVES(4, CALL(openat, AT_FDCWD, "/etc/f", O_RDONLY));
	GIVES(5, CALL(openat, AT_FDCWD, "etc/f", O_RDONLY));
	OK(CALL(stat, (long)"/etc/f", &facts));
	OK(CALL(stat, (long)"etc/f", &facts));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "/missing", O_RDONLY));
	FAILS(ENOENT, CALL(rename, (long)"/x", "etc/y"));
	OK(CALL(stat, (long)"/", &facts));
	OK(CALL(chdir, (long)"/etc"));
	GIVES(5, CALL(getcwd, (long)buffer, sizeof(buffer)));
	OK(CALL(stat, (long)"f", &facts));
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
