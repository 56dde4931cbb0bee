#include "../workload.h"
#include "interrupt.h"

static char name[32] = "fifo";

static void script(void)
{
	until_asleep(&subject, SYS_openat);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

/* Opens other files, changes the directory and the text that the interrupted call was given. */
static void handler(int signal)
{
	GIVES(3, CALL(openat, AT_FDCWD, "a-rather-longer-name", O_WRONLY | O_CREAT, 0644));
	OK(CALL(chdir, "sub"));
	strcpy(name, "changed");
	GIVES(4, CALL(openat, AT_FDCWD, "inner", O_WRONLY | O_CREAT, 0644));
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(mkfifo("fifo", 0644));
	OK(mkdir("sub", 0755));
	on_signal(SIGUSR1, handler, 0);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(openat, AT_FDCWD, name, O_RDONLY));
	workload_end();
	workload_join(other);
	return 0;
}
