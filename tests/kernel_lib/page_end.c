/*
 * Looks up each file from a function without a frame, whose caller's return address is one of the last words of a page of the
 * stack: the next page is in an array that nothing has touched.
 */
#include <alloca.h>
#include <stdint.h>
#include <sys/syscall.h>

#define ALONE __attribute__((noinline))
/* What follows a call keeps it from being a jump. */
#define STAY __asm__ volatile("")

#define PAGE 4096
#define LEFT 16 /* bytes of the page above the frame of `outer` */

ALONE long inner(const char *path)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(SYS_access), "D"(path), "S"(0) : "rcx", "r11", "memory");
	return result;
}

ALONE void middle(const char *path)
{
	inner(path);
	STAY;
}

ALONE void outer(const char *path)
{
	middle(path);
	STAY;
}

ALONE void at_page_end(const char *path)
{
	uintptr_t sp;
	volatile char *array;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	array = alloca(16 * PAGE + (sp - LEFT) % PAGE);
	__asm__ volatile("" : : "r"(array));
	outer(path);
	STAY;
}

int main(int count, char **words)
{
	for (int i = 1; i < count; i++)
		at_page_end(words[i]);
	return 0;
}
