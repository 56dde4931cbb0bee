/* Calls through the 32-bit table, as a 32-bit program makes them. Pointers must lie below 4 GB. */
#ifndef COMPAT32_H
#define COMPAT32_H

/* Numbers of arch/x86/entry/syscalls/syscall_32.tbl. */
#define NR32_WRITE 4
#define NR32_UNLINK 10
#define NR32_LSEEK 19
#define NR32_GETPID 20
#define NR32_RENAME 38
#define NR32_MKDIR 39

/* Memory that a 32-bit call can name. */
static inline char *low_memory(void)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	CHECK(low != MAP_FAILED);
	return low;
}

/* The result, or the negative error. */
static inline long call32(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

#endif
