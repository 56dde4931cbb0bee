#include "../workload.h"
#include <mqueue.h>

int main(int argc, char **argv)
{
	char name[32], text[64];
	struct mq_attr limits = { .mq_maxmsg = 4, .mq_msgsize = 64 };
	struct timespec past = { .tv_sec = 1 };

	workload_prepare(argc, argv);
	snprintf(name, sizeof(name), "ior-%d", getpid());
	workload_mark_begin();

	/* The kernel takes the name without its slash. */
	GIVES(3, CALL(mq_open, name, O_RDWR | O_CREAT, 0600, &limits));
	GIVES(0, CALL(mq_timedsend, 3, "hello", 5, 0, 0));
	GIVES(5, CALL(mq_timedreceive, 3, text, sizeof(text), 0, 0));
	FAILS(ETIMEDOUT, CALL(mq_timedreceive, 3, text, sizeof(text), 0, &past));
	FAILS(EMSGSIZE, CALL(mq_timedreceive, 3, text, 1, 0, 0));
	GIVES(0, CALL(mq_unlink, name));
	GIVES(0, CALL(mq_timedsend, 3, "last", 4, 0, 0));
	GIVES(4, CALL(mq_timedreceive, 3, text, sizeof(text), 0, 0));
	GIVES(0, CALL(close, 3));
	workload_end();
	return 0;
}
