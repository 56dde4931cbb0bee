#include "../workload.h"
#include "compat32.h"

#define LARGE_FILE 0100000 /* the 64-bit headers say 0, as there it goes without saying */

struct iovec32 {
	uint32_t base, length;
};

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	char *low = low_memory();
	char *name = strcpy(low, "data"), *missing = strcpy(low + 32, "missing"), *data = strcpy(low + 64, "0123456789");
	char *room = low + 1024;
	long long *place = (long long *)(low + 128);
	struct iovec32 *parts = (struct iovec32 *)(low + 192);
	uint32_t *block = (uint32_t *)(low + 256);
	char *dot = strcpy(low + 320, "."), *other = strcpy(low + 352, "other");
	parts[0] = (struct iovec32){ (uintptr_t)data, 4 };
	parts[1] = (struct iovec32){ (uintptr_t)data, 3 };
	workload_mark_begin();

	GIVES(3, CALL32(OPENAT, AT_FDCWD, name, O_RDWR | O_CREAT | LARGE_FILE, 0644));
	GIVES(-ENOENT, CALL32(OPEN, missing, O_RDONLY));
	/* Arguments of 64 bits take two registers, the lower half first: here 4 GiB and 1. */
	GIVES(10, CALL32(PWRITE64, 3, data, 10, 1, 1));
	GIVES(4, CALL32(PREAD64, 3, room, 4, 7, 1));
	GIVES(7, CALL32(WRITEV, 3, parts, 2));
	GIVES(0, CALL32(READV, 3, parts, 0));
	/* The result is where the fourth argument points to; the offset has its upper half first. */
	GIVES(0, CALL32(_LLSEEK, 3, 1, 5, place, SEEK_SET));
	CHECK(*place == (1LL << 32) + 5);
	GIVES(-EINVAL, CALL32(_LLSEEK, 3, 0, 0, place, 99));
	GIVES(0, CALL32(FTRUNCATE64, 3, 100, 0));
	GIVES(0, CALL32(TRUNCATE64, name, 200, 0));
	GIVES(0, CALL32(FALLOCATE, 3, 0, 0, 0, 300, 0));
	GIVES(0, CALL32(FADVISE64_64, 3, 0, 0, 0, 0, POSIX_FADV_NORMAL));
	GIVES(0, CALL32(READAHEAD, 3, 0, 0, 100));
	GIVES(0, CALL32(STAT64, name, room));
	GIVES(0, CALL32(FSTAT64, 3, room));
	GIVES(0, CALL32(FSTATAT64, AT_FDCWD, name, room, 0));
	GIVES(0, CALL32(STATFS64, dot, 84, room));
	GIVES(4, CALL32(FCNTL64, 3, F_DUPFD, 0));
	GIVES(5, CALL32(OPEN, other, O_WRONLY | O_CREAT, 0644));
	*place = 2;
	GIVES(7, CALL32(SENDFILE64, 5, 3, place, 7));
	block[1] = 4096;
	block[2] = PROT_READ;
	block[3] = MAP_PRIVATE;
	block[4] = 3;
	char *mapped = (char *)(CALL32(OLD_MMAP, block) & 0xffffffffL);
	GIVES(0, CALL32(MUNMAP, mapped, 4096));
	mapped = (char *)(CALL32(MMAP2, 0, 4096, PROT_READ, MAP_PRIVATE, 4, 0) & 0xffffffffL);
	GIVES(0, CALL32(MUNMAP, mapped, 4096));
	GIVES(-EFAULT, CALL32(OLD_MMAP, 1));
	GIVES(6, CALL32(OPEN, dot, O_RDONLY | O_DIRECTORY));
	/* One entry, of which the result tells no size. */
	GIVES(1, CALL32(READDIR, 6, room, 1));
	GIVES(-EBADF, CALL32(CLOSE, 77));
	GIVES(0, CALL32(CLOSE, 6));
	workload_end();
	return 0;
}
