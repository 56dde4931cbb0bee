#include "../workload.h"
#include "interrupt.h"

static void script(void)
{
	until_asleep(&subject, SYS_openat);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_openat);
	open_unseen("sub/fifo", O_WRONLY);
}

static void handler(int signal)
{
	GIVES(3, CALL(openat, AT_FDCWD, "a-rather-longer-name", O_WRONLY | O_CREAT, 0644));
	OK(CALL(chdir, "sub"));
	workload_reach(&workload_shared->step[0], 1);
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	OK(mkfifo("fifo", 0644));
	OK(mkfifo("sub/fifo", 0644));
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(4, CALL(openat, AT_FDCWD, "fifo", O_RDONLY));
	workload_end();
	workload_join(other);
	return 0;
}
