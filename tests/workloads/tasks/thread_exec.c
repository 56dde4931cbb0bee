#include "../workload.h"
#include "../restarts/interrupt.h"
#include <pthread.h>
#include <sys/prctl.h>

static int ends[2];
static char program[4096];
static char **words;

static void *thread_main(void *argument)
{
	char *const arguments[] = { "new-name", words[1], "again", NULL };
	struct watched leader = watch(getpid(), getpid());

	OK(prctl(PR_SET_NAME, "a-thread"));
	GIVES(1, CALL(write, ends[1], "1", 1));
	workload_reach(&workload_shared->step[0], 1);
	until_asleep(&leader, SYS_read);
	CALL(execve, "new-name", arguments, arguments + 3);
	workload_fail("exec fails", __LINE__, 0);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char byte;

	if (argc > 2) {
		CHECK(CALL(gettid) == getpid());
		GIVES(1, CALL(write, 4, "2", 1));
		workload_end();
		return 0;
	}
	words = argv;
	workload_prepare(argc, argv);
	OK(readlink("/proc/self/exe", program, sizeof(program) - 1));
	OK(symlink(program, "new-name"));
	OK(pipe(ends));
	OK(prctl(PR_SET_NAME, "the-leader"));
	workload_mark_begin();

	CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, ends[0], &byte, 1));
	CALL(read, ends[0], &byte, 1);
	workload_fail("the thread was to exec", __LINE__, 0);
}
