/*
 * Makes an exactly known number of calls on many files from many threads: `cells DIRECTORY FILES THREADS ROUNDS [TIMES]`. In
 * each round each thread opens each file of DIRECTORY and closes it. Between, it does this TIMES times, or once: it writes
 * three bytes by pwrite64, reads two by pread64, and asks for a byte at an impossible place by pread64, which fails with EINVAL.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *directory;
static int files, rounds, times;

static void *work(void *unused)
{
	char path[4096], bytes[3] = "abc";

	for (int round = 0; round < rounds; round++) {
		for (int file = 0; file < files; file++) {
			snprintf(path, sizeof(path), "%s/%d", directory, file);
			int fd = open(path, O_RDWR | O_CREAT, 0600);
			for (int time = 0; time < times; time++)
				if (fd < 0 || syscall(SYS_pwrite64, fd, bytes, 3L, 0L) != 3 ||
				    syscall(SYS_pread64, fd, bytes, 2L, 0L) != 2 ||
				    syscall(SYS_pread64, fd, bytes, 1L, -1L) != -1)
					exit(99);
			close(fd);
		}
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread[64];
	int threads = argc >= 5 ? atoi(argv[3]) : 0;

	if (threads < 1 || threads > 64)
		return 98;
	directory = argv[1];
	files = atoi(argv[2]);
	rounds = atoi(argv[4]);
	times = argc > 5 ? atoi(argv[5]) : 1;
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, work, NULL) != 0)
			return 97;
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
