/*
 * Makes an exactly known number of calls: `loop CALLS THREADS` reads one byte by pread64 CALLS times in each of THREADS
 * threads, from the null device's file descriptor of the thread. Nothing else in it calls pread64.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static long calls;

static void *read_all(void *unused)
{
	char byte;
	int fd = open("/dev/zero", O_RDONLY);

	if (fd < 0)
		exit(99);
	for (long i = 0; i < calls; i++)
		if (syscall(SYS_pread64, fd, &byte, 1L, 0L) != 1)
			exit(99);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread[64];
	int threads = argc == 3 ? atoi(argv[2]) : 0;

	if (threads < 1 || threads > 64)
		return 98;
	calls = atol(argv[1]);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, read_all, NULL) != 0)
			return 97;
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
