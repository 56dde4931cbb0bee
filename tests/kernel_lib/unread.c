/*
 * Makes an exactly known number of calls while nobody reads them: `unread DIRECTORY FILES THREADS CALLS ENDS`. Files and threads
 * make a call each, slowly. Then the parent, ior, is stopped until these calls are made:
 * - CALLS times in each thread pread64 of one of the files, of as many bytes as it asks for, and one of no file, which fails;
 * - ENDS times readv of an empty pipe that a handler interrupts, and ENDS times one in which the process is killed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 512
#define POWERS 18

static int fds[MOST], files, threads, calls;
static pthread_barrier_t named, stopped;
static char buffers[MOST][1 << POWERS];

static void must(int holds)
{
	if (!holds)
		exit(99);
}

/* Waits until a process is in a state, as in its /proc/PID/stat. */
static void wait_for(pid_t pid, char state)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		FILE *file = fopen(path, "r");
		must(file && fgets(text, sizeof(text), file));
		fclose(file);
		if (strrchr(text, ')')[2] == state)
			return;
		usleep(200);
	}
}

static void *work(void *number)
{
	int me = (long)number;
	unsigned random = me * 7919 + 1;

	must(syscall(SYS_pread64, fds[me % files], buffers[me], 1L, 0L) == 1);
	pthread_barrier_wait(&named);
	pthread_barrier_wait(&stopped);
	for (int i = 0; i < calls; i++) {
		random = random * 1103515245 + 12345;
		int fd = fds[(random >> 8) % files];
		long size = 1L << (random >> 20) % POWERS;
		must(syscall(SYS_pread64, fd, buffers[me], size, 0L) == size);
		for (volatile int spent = 0; spent < 1 << (random >> 25) % 12; spent++)
			;
		must(syscall(SYS_pread64, -1L, NULL, 0L, 0L) == -1);
	}
	return NULL;
}

static void ignore(int signal)
{
}

int main(int argc, char **argv)
{
	static pthread_t thread[MOST];
	int ends = argc == 6 ? atoi(argv[5]) : -1, ends_of_pipe[2];
	pid_t ior = getppid();
	char path[4096], byte;
	struct iovec buffer = { &byte, 1 };

	must(ends >= 0);
	files = atoi(argv[2]);
	threads = atoi(argv[3]);
	calls = atoi(argv[4]);
	must(files > 0 && files <= MOST && threads > 0 && threads <= MOST && pipe(ends_of_pipe) == 0);
	pthread_barrier_init(&named, NULL, threads + 1);
	pthread_barrier_init(&stopped, NULL, threads + 1);
	for (int i = 0; i < files; i++) {
		snprintf(path, sizeof(path), "%s/%d", argv[1], i);
		fds[i] = open(path, O_RDWR | O_CREAT, 0600);
		must(fds[i] >= 0 && ftruncate(fds[i], 1 << POWERS) == 0);
		must(syscall(SYS_pread64, fds[i], path, 1L, 0L) == 1);
		usleep(2000);
	}
	for (long i = 0; i < threads; i++)
		must(pthread_create(&thread[i], NULL, work, (void *)i) == 0);
	pthread_barrier_wait(&named);
	usleep(500000);
	kill(ior, SIGSTOP);
	wait_for(ior, 'T');
	pthread_barrier_wait(&stopped);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = ignore }, NULL);
	for (int i = 0; i < ends; i++) {
		/* The alarm comes again until it has found the call. */
		setitimer(ITIMER_REAL, &(struct itimerval){ .it_value.tv_usec = 200, .it_interval.tv_usec = 10000 }, NULL);
		must(readv(ends_of_pipe[0], &buffer, 1) == -1);
	}
	setitimer(ITIMER_REAL, &(struct itimerval){}, NULL);
	for (int i = 0; i < ends; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(readv(ends_of_pipe[0], &buffer, 1));
		wait_for(child, 'S');
		must(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
	}
	kill(ior, SIGCONT);
	return 0;
}
