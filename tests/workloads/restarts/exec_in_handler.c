#include "../workload.h"
#include "interrupt.h"
#include <sys/personality.h>

static char **arguments;

static void again(char *phase)
{
	char *const words[] = { arguments[0], arguments[1], phase, NULL };

	CALL(execve, "/proc/self/exe", words, (char *const[]){ NULL });
	workload_fail("exec fails", __LINE__, 0);
}

static void handler(int signal)
{
	GIVES(1, CALL(writev, 4, &(struct iovec){ "x", 1 }, 1));
	again("3");
}

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

/* Both programs read from the same instruction with the same stack. */
static __attribute__((noinline)) void read_one(void)
{
	char byte;

	GIVES(1, CALL(read, 3, &byte, 1));
}

int main(int argc, char **argv)
{
	int ends[2];
	int phase = argc > 2 ? atoi(argv[2]) : 1;

	arguments = argv;
	if (phase == 1) {
		/* A fixed layout of memory from the next exec on. */
		OK(personality(ADDR_NO_RANDOMIZE));
		again("2");
	}
	if (phase == 2) {
		workload_prepare(argc, argv);
		OK(pipe(ends));
		CHECK(ends[0] == 3);
		on_signal(SIGUSR1, handler, SA_RESTART);
		start_other(script);
		workload_mark_begin();
	}
	read_one();
	if (phase == 2)
		workload_fail("the handler was to exec", __LINE__, 0);
	while (wait(NULL) > 0)
		;
	workload_end();
	return 0;
}
