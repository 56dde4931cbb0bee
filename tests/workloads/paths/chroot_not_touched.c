#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char *map;
	int fd;

	workload_prepare(argc, argv);
	OK(mkdir("jail", 0755));
	OK(mkdir("jail/inner", 0755));
	fd = open("pages", O_RDWR | O_CREAT, 0644);
	GIVES((long)strlen(workload_dir), pwrite(fd, workload_dir, strlen(workload_dir), 0));
	GIVES(6, pwrite(fd, "/jail", 6, strlen(workload_dir)));
	GIVES(7, pwrite(fd, "/inner", 7, 4096));
	map = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(map != MAP_FAILED);
	OK(close(fd));
	workload_mark_begin();

	OK(CALL(madvise, (long)map, 8192, MADV_DONTNEED));
	OK(CALL(chroot, (long)map));
	FAILS(ENOENT, CALL(chroot, (long)map));
	OK(CALL(madvise, (long)map, 8192, MADV_DONTNEED));
	OK(CALL(stat, (long)map + 4096, &facts));
	OK(CALL(madvise, (long)map, 8192, MADV_DONTNEED));
	OK(CALL(chroot, (long)map + 4096));
	OK(CALL(madvise, (long)map, 8192, MADV_DONTNEED));
	FAILS(ENOENT, CALL(stat, (long)map + 4096, &facts));
	workload_end();
	return 0;
}
