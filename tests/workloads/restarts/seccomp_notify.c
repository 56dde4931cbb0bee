#include "../workload.h"
#include "interrupt.h"
#include "seccomp.h"
#include <sys/ioctl.h>

/* The supervisor: one error, one made-up success, one call that the kernel is to do after all. */
static void supervise(int listener)
{
	for (int i = 0; i < 3; i++) {
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = { 0 };

		OK(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked));
		CHECK(asked.data.nr == SYS_mkdir);
		answer.id = asked.id;
		if (i == 0)
			answer.error = -EDQUOT;
		if (i == 2)
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		OK(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer));
	}
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int listener = filter_calls(SYS_mkdir, ANY_ARGUMENT, SECCOMP_RET_USER_NOTIF,
				    SECCOMP_FILTER_FLAG_NEW_LISTENER);
	pid_t other = OK(fork());
	if (other == 0) {
		supervise(listener);
		_exit(0);
	}
	alarm(STUCK_S);
	workload_mark_begin();

	FAILS(EDQUOT, CALL(mkdir, "first", 0755));
	GIVES(0, CALL(mkdir, "second", 0755));
	GIVES(0, CALL(mkdir, "third", 0755));
	FAILS(ENOENT, CALL(access, "second", F_OK));
	GIVES(0, CALL(access, "third", F_OK));
	workload_end();
	workload_join(other);
	return 0;
}
