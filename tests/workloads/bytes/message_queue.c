#include "../workload.h"
#include <sys/ipc.h>
#include <sys/msg.h>

int main(int argc, char **argv)
{
	struct {
		long type;
		char text[32];
	} message = { 1, "hello" };

	workload_prepare(argc, argv);
	int queue = OK(msgget(IPC_PRIVATE, 0600));
	workload_mark_begin();

	GIVES(0, CALL(msgsnd, queue, &message, 5, 0));
	GIVES(5, CALL(msgrcv, queue, &message, 32, 0, 0));
	FAILS(ENOMSG, CALL(msgrcv, queue, &message, 32, 0, IPC_NOWAIT));
	GIVES(0, CALL(msgctl, queue, IPC_RMID, 0));
	FAILS(EINVAL, CALL(msgrcv, queue, &message, 32, 0, IPC_NOWAIT));
	workload_end();
	return 0;
}
