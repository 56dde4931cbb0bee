#include "../workload.h"
#include "interrupt.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static struct sockaddr_in address = { .sin_family = AF_INET };

static void script(void)
{
	until_asleep(&subject, SYS_accept);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_accept);
	OK(CALL(kill, subject.pid, SIGUSR2));
	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_accept);
	int client = OK(socket(AF_INET, SOCK_STREAM, 0));
	OK(connect(client, (struct sockaddr *)&address, sizeof(address)));
	workload_wait(&workload_shared->step[0], 3);
}

static void handler(int signal)
{
	if (signal == SIGUSR2)
		workload_reach(&workload_shared->step[0], 2);
}

int main(int argc, char **argv)
{
	socklen_t length = sizeof(address);

	workload_prepare(argc, argv);
	int server = OK(socket(AF_INET, SOCK_STREAM, 0));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	OK(bind(server, (struct sockaddr *)&address, sizeof(address)));
	OK(listen(server, 1));
	OK(getsockname(server, (struct sockaddr *)&address, &length));
	on_signal(SIGUSR1, handler, 0);
	on_signal(SIGUSR2, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(accept, server, 0, 0));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(4, CALL(accept, server, 0, 0));
	workload_reach(&workload_shared->step[0], 3);
	workload_end();
	workload_join(other);
	return 0;
}
