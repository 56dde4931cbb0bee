#include "../workload.h"

int main(int argc, char **argv)
{
	static char page[4096];
	struct stat facts;
	struct statx more;
	char *map;
	int fd;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	fd = open("page", O_RDWR | O_CREAT, 0644);
	GIVES(sizeof(page), write(fd, page, sizeof(page)));
	map = mmap(NULL, sizeof(page), PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(map != MAP_FAILED);
	OK(close(fd));
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(madvise, (long)map, sizeof(page), MADV_DONTNEED));
	OK(CALL(newfstatat, 3, map, &facts, AT_EMPTY_PATH));
	OK(CALL(madvise, (long)map, sizeof(page), MADV_DONTNEED));
	OK(CALL(statx, 3, map, AT_EMPTY_PATH, STATX_SIZE, &more));
	OK(CALL(madvise, (long)map, sizeof(page), MADV_DONTNEED));
	OK(CALL(newfstatat, AT_FDCWD, map, &facts, AT_EMPTY_PATH));
	OK(CALL(madvise, (long)map, sizeof(page), MADV_DONTNEED));
	FAILS(EBADF, CALL(newfstatat, 9, map, &facts, AT_EMPTY_PATH));
	OK(CALL(madvise, (long)map, sizeof(page), MADV_DONTNEED));
	OK(CALL(linkat, 3, map, AT_FDCWD, "b", AT_EMPTY_PATH));
	OK(CALL(madvise, (long)map, sizeof(page), MADV_DONTNEED));
	FAILS(ENOENT, CALL(stat, (long)map, &facts));
	workload_end();
	return 0;
}
