#include "../workload.h"
#include "interrupt.h"
#include <sys/socket.h>
#include <sys/un.h>

static int server;

static void script(void)
{
	until_asleep(&subject, SYS_connect);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_connect);
	OK(CALL(kill, subject.pid, SIGUSR2));
	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_connect);
	OK(accept(server, NULL, NULL));
	workload_wait(&workload_shared->step[0], 3);
}

static void handler(int signal)
{
	if (signal == SIGUSR2)
		workload_reach(&workload_shared->step[0], 2);
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };

	workload_prepare(argc, argv);
	/* One connection that nobody takes fills the queue, so that the next one waits. */
	server = OK(socket(AF_UNIX, SOCK_STREAM, 0));
	OK(bind(server, (struct sockaddr *)&address, sizeof(address)));
	OK(listen(server, 0));
	OK(connect(OK(socket(AF_UNIX, SOCK_STREAM, 0)), (struct sockaddr *)&address, sizeof(address)));
	int client = OK(socket(AF_UNIX, SOCK_STREAM, 0));
	on_signal(SIGUSR1, handler, 0);
	on_signal(SIGUSR2, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(connect, client, &address, sizeof(address)));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(0, CALL(connect, client, &address, sizeof(address)));
	workload_reach(&workload_shared->step[0], 3);
	workload_end();
	workload_join(other);
	return 0;
}
