#include "../workload.h"
#include "interrupt.h"
#include <setjmp.h>

static int ends[2];
static sigjmp_buf before;

static void handler(int signal)
{
	atomic_fetch_add(&workload_shared->step[0], 1);
	siglongjmp(before, 1);
}

static void subject_main(void)
{
	char byte;

	sigsetjmp(before, 1);
	/* The same instruction and the same stack each time. */
	GIVES(1, CALL(read, ends[0], &byte, 1));
	CHECK(workload_shared->step[0] == 2);
	_exit(0);
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, handler, SA_RESTART);
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0)
		subject_main();
	struct watched w = watch(child, child);
	for (int i = 0; i < 2; i++) {
		until_asleep(&w, SYS_read);
		OK(kill(child, SIGUSR1));
		workload_wait(&workload_shared->step[0], i + 1);
	}
	until_asleep(&w, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
	workload_join(child);
	workload_end();
	return 0;
}
