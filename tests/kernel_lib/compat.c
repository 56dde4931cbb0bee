/*
 * Makes an exactly known number of calls through the 32-bit table: `compat CALLS` asks CALLS times for its process number
 * with int 0x80 (getpid, number 20 there, which is writev in the 64-bit table). Before, it asks once by getpid of the
 * 64-bit table, and at its end it reads a closed descriptor by pread64.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long calls = argc == 2 ? atol(argv[1]) : 0, own = getpid();

	for (long i = 0; i < calls; i++) {
		long found = 20;

		__asm__ volatile("int $0x80" : "+a"(found) : "b"(0), "c"(0), "d"(0) : "memory", "r8", "r9", "r10", "r11");
		if (found != own)
			return 99;
	}
	syscall(SYS_pread64, -1L, 0L, 0L, 0L);
	return 0;
}
