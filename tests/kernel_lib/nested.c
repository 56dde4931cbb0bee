/*
 * Calls within calls: main, outer, middle and, inlined there, inner. With the word `walk` the innermost prints its process, the
 * addresses of its stack and what its file is called, and waits until its input ends; with a file it reads one byte of it.
 * Built with AT_PAGE_END, outer is called where a page of the stack ends: the next one is in an array that nothing has touched.
 */
#include <alloca.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ALONE __attribute__((noinline))
/* What follows a call keeps it from being a jump. */
#ifndef STAY
#define STAY __asm__ volatile("")
#endif

static __attribute__((noinline)) void walk(void)
{
	void **frame = __builtin_frame_address(0);
	char byte;

	printf("%d", getpid());
	/* Of walk, middle and outer: each frame begins with the address of the next, and of the code it returns to. */
	for (int i = 0; i < 3; i++, frame = frame[0])
		printf(" %p", frame[1]);
	printf("\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
}

static inline __attribute__((always_inline)) void inner(const char *what)
{
	char byte;
	int fd;

	if (!strcmp(what, "walk")) {
		walk();
		STAY;
		return;
	}
	fd = open(what, O_RDONLY);
	if (read(fd, &byte, 1) < 0)
		perror(what);
	STAY;
}

ALONE void middle(const char *what)
{
	inner(what);
	STAY;
}

ALONE void outer(const char *what)
{
	middle(what);
	STAY;
}

#ifdef AT_PAGE_END
#define PAGE 4096
#define LEFT 16 /* bytes of the page above the frame of outer */

ALONE void at_page_end(const char *what)
{
	uintptr_t sp;
	volatile char *array;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	array = alloca(16 * PAGE + (sp - LEFT) % PAGE);
	__asm__ volatile("" : : "r"(array));
	outer(what);
	STAY;
}
#else
#define at_page_end outer
#endif

int main(int count, char **words)
{
	for (int i = 1; i < count; i++)
		at_page_end(words[i]);
	return 0;
}
