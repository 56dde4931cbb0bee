/*
 * Does what its arguments say, one after the other, and nothing else:
 *
 *   access:PATH     asks whether PATH exists; the call by which tests know what was traced
 *   read:PATH       openat, pread64 of one byte, close
 *   rename:OLD,NEW  renames
 *   sleep:MS        nanosleep
 *   getuid          asks for its owner
 *   uid:N           changes its owner
 *   gid:N           changes its group
 *   name:TEXT       names its thread
 *   tell            writes its process number to standard output
 *   wait            waits for a byte on standard input
 *   block           lets SIGUSR1 wait until usr1
 *   usr1            waits for SIGUSR1
 *   fork:WORD       does WORD in a child and waits for its end
 *   thread:WORD     does WORD in a thread and waits for its end
 *   orphan:WORD     does WORD in a grandchild whose parent has ended, and waits for its end
 *   exec:WORD       becomes this program anew, to do WORD
 *   both:WORD       starts a thread that waits for a byte on standard input and then does WORD; goes on meanwhile
 *   die:N           ends by signal N
 *   exit:N          ends with status N
 *   leave           ends its thread, and its process only if that is the last one
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void act(const char *word);

static void check(int holds, const char *word)
{
	if (!holds) {
		dprintf(2, "actor: %s did not work: %m\n", word);
		_exit(99);
	}
}

static const char *after(const char *word, const char *verb)
{
	size_t length = strlen(verb);

	return strncmp(word, verb, length) == 0 && word[length] == ':' ? word + length + 1 : NULL;
}

static void *act_in_thread(void *word)
{
	act(word);
	return NULL;
}

static void *wait_and_act(void *word)
{
	char byte;

	check(read(0, &byte, 1) == 1, word);
	act(word);
	return NULL;
}

static void in_child(const char *word)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		act(word);
		_exit(0);
	}
	check(child > 0 && waitpid(child, &status, 0) == child && status == 0, word);
}

static void in_orphan(const char *word)
{
	int ends[2], before[2];
	char byte;

	check(pipe(ends) == 0 && pipe(before) == 0, word);
	if (fork() == 0) {
		if (fork() == 0) {
			close(before[1]);
			/* The parent's end closes the last writing end. */
			check(read(before[0], &byte, 1) == 0, word);
			act(word);
			check(write(ends[1], "x", 1) == 1, word);
			_exit(0);
		}
		_exit(0);
	}
	close(before[1]);
	check(wait(NULL) > 0 && read(ends[0], &byte, 1) == 1, word);
}

static void act(const char *word)
{
	const char *rest;
	sigset_t usr1;
	char byte;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	if ((rest = after(word, "access"))) {
		syscall(SYS_access, rest, F_OK);
	} else if ((rest = after(word, "read"))) {
		int fd = syscall(SYS_openat, AT_FDCWD, rest, O_RDONLY);

		check(fd >= 0 && syscall(SYS_pread64, fd, &byte, 1L, 0L) == 1 && close(fd) == 0, word);
	} else if ((rest = after(word, "rename"))) {
		char *old = strdup(rest), *new = strchr(old, ',');

		*new++ = 0;
		check(rename(old, new) == 0, word);
	} else if ((rest = after(word, "sleep"))) {
		struct timespec time = { atol(rest) / 1000, atol(rest) % 1000 * 1000000 };

		check(syscall(SYS_nanosleep, &time, NULL) == 0, word);
	} else if (strcmp(word, "getuid") == 0) {
		getuid();
	} else if ((rest = after(word, "uid"))) {
		check(setuid(atoi(rest)) == 0, word);
	} else if ((rest = after(word, "gid"))) {
		check(setgid(atoi(rest)) == 0, word);
	} else if ((rest = after(word, "name"))) {
		check(prctl(PR_SET_NAME, rest) == 0, word);
	} else if (strcmp(word, "tell") == 0) {
		dprintf(1, "%d\n", gettid());
	} else if (strcmp(word, "wait") == 0) {
		check(read(0, &byte, 1) == 1, word);
	} else if (strcmp(word, "block") == 0) {
		check(sigprocmask(SIG_BLOCK, &usr1, NULL) == 0, word);
	} else if (strcmp(word, "usr1") == 0) {
		check(sigwaitinfo(&usr1, NULL) == SIGUSR1, word);
	} else if ((rest = after(word, "fork"))) {
		in_child(rest);
	} else if ((rest = after(word, "orphan"))) {
		in_orphan(rest);
	} else if ((rest = after(word, "thread")) || (rest = after(word, "both"))) {
		pthread_t thread;
		int waits = word[0] == 't';

		check(pthread_create(&thread, NULL, waits ? act_in_thread : wait_and_act, (void *)rest) == 0, word);
		if (waits)
			pthread_join(thread, NULL);
	} else if ((rest = after(word, "exec"))) {
		execl("/proc/self/exe", "actor", rest, NULL);
		check(0, word);
	} else if ((rest = after(word, "die"))) {
		kill(getpid(), atoi(rest));
	} else if ((rest = after(word, "exit"))) {
		_exit(atoi(rest));
	} else if (strcmp(word, "leave") == 0) {
		pthread_exit(NULL);
	} else {
		check(0, word);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		act(argv[i]);
	return 0;
}
