#include "../workload.h"
#include "../restarts/interrupt.h"

static int ends[2], log_file;

static void read_pipe(void)
{
	char byte;

	CALL(read, ends[0], &byte, 1);
}

static void open_fifo(void)
{
	CALL(openat, AT_FDCWD, "fifo", O_RDONLY);
}

static void write_pipe(void)
{
	static char block[100000];

	CALL(write, ends[1], block, sizeof(block));
}

/* Kills a child once it sleeps inside the call. */
static void kill_in(void (*call)(void), long number)
{
	int status;
	pid_t child = OK(fork());

	if (child == 0) {
		GIVES(0, CALL(lseek, log_file, 0, SEEK_CUR));
		call();
		workload_fail("the process was to be killed", __LINE__, 0);
	}
	struct watched w = watch(child, child);
	until_asleep(&w, number);
	OK(kill(child, SIGKILL));
	GIVES(child, CALL(wait4, child, &status, 0, 0));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	log_file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	OK(pipe(ends));
	OK(mkfifo("fifo", 0644));
	workload_mark_begin();

	kill_in(read_pipe, SYS_read);
	kill_in(open_fifo, SYS_openat);
	kill_in(write_pipe, SYS_write);
	workload_end();
	return 0;
}
