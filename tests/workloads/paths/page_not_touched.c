#include "../workload.h"

int main(int argc, char **argv)
{
	static char pages[3 * 4096];
	struct stat facts;
	char *map;
	int fd;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	strcpy(pages + 100, "a");
	/* The name begins in the second page and ends in the third. */
	strcpy(pages + 2 * 4096 - 4, "missing");
	fd = open("pages", O_RDWR | O_CREAT, 0644);
	GIVES(sizeof(pages), write(fd, pages, sizeof(pages)));
	map = mmap(NULL, sizeof(pages), PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(map != MAP_FAILED);
	OK(close(fd));
	OK(madvise(map, sizeof(pages), MADV_RANDOM));
	workload_mark_begin();

	OK(CALL(madvise, (long)map, sizeof(pages), MADV_DONTNEED));
	OK(CALL(stat, (long)(map + 100), &facts));
	OK(CALL(madvise, (long)map, sizeof(pages), MADV_DONTNEED));
	FAILS(ENOENT, CALL(stat, (long)(map + 2 * 4096 - 4), &facts));
	OK(CALL(madvise, (long)map, sizeof(pages), MADV_DONTNEED));
	GIVES(3, CALL(openat, AT_FDCWD, map + 100, O_RDONLY));
	OK(CALL(madvise, (long)map, sizeof(pages), MADV_DONTNEED));
	OK(CALL(rename, (long)(map + 100), map + 2 * 4096 - 4));
	OK(CALL(madvise, (long)map, sizeof(pages), MADV_DONTNEED));
	OK(CALL(unlink, (long)(map + 2 * 4096 - 4)));
	workload_end();
	return 0;
}
