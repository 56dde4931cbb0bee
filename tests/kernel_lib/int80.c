/* Ends with status 0 when this machine takes a call through the 32-bit table: getpid, as the 64-bit table has it too. */
#include <unistd.h>

int main(void)
{
	long pid;

	__asm__ volatile("int $0x80" : "=a"(pid) : "a"(20) : "memory");
	return pid != getpid();
}
