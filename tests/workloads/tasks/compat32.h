/* Calls through the 32-bit table, as a 32-bit program makes them. Pointers must lie below 4 GB. */
#ifndef COMPAT32_H
#define COMPAT32_H

/* Numbers of arch/x86/entry/syscalls/syscall_32.tbl, which the 64-bit headers do not have. */
enum {
	NR32_READ = 3,
	NR32_WRITE = 4,
	NR32_OPEN = 5,
	NR32_CLOSE = 6,
	NR32_UNLINK = 10,
	NR32_LSEEK = 19,
	NR32_GETPID = 20,
	NR32_RENAME = 38,
	NR32_MKDIR = 39,
	NR32_DUP = 41,
	NR32_READLINK = 85,
	NR32_READDIR = 89,
	NR32_OLD_MMAP = 90,
	NR32_MUNMAP = 91,
	NR32_SOCKETCALL = 102,
	NR32_VM86OLD = 113,
	NR32_IPC = 117,
	NR32__LLSEEK = 140,
	NR32_READV = 145,
	NR32_WRITEV = 146,
	NR32_PREAD64 = 180,
	NR32_PWRITE64 = 181,
	NR32_GETCWD = 183,
	NR32_MMAP2 = 192,
	NR32_TRUNCATE64 = 193,
	NR32_FTRUNCATE64 = 194,
	NR32_STAT64 = 195,
	NR32_FSTAT64 = 197,
	NR32_GETDENTS64 = 220,
	NR32_FCNTL64 = 221,
	NR32_READAHEAD = 225,
	NR32_SENDFILE64 = 239,
	NR32_STATFS64 = 268,
	NR32_FADVISE64_64 = 272,
	NR32_OPENAT = 295,
	NR32_FSTATAT64 = 300,
	NR32_SYNC_FILE_RANGE = 314,
	NR32_FALLOCATE = 324,
	NR32_FANOTIFY_MARK = 339,
	NR32_SOCKETPAIR = 360,
	NR32_RECVMSG = 372,
};

/* Memory that a 32-bit call can name. */
static inline char *low_memory(void)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	CHECK(low != MAP_FAILED);
	return low;
}

static inline long call32(long number, struct workload_arguments with)
{
	long result;

	__asm__ volatile("xchg %[sixth], %%rbp\n\tint $0x80\n\txchg %[sixth], %%rbp"
			 : "=a"(result), [sixth] "+&r"(with.f)
			 : "0"(number), "b"(with.a), "c"(with.b), "d"(with.c), "S"(with.d), "D"(with.e)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

/* Makes one call of the 32-bit table: CALL32(READ, fd, buffer, 1). The result, or the negative error. */
#define CALL32(name, ...) call32(NR32_##name, (struct workload_arguments){ __VA_ARGS__ })

#endif
