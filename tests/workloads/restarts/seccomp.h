/* Seccomp filters: each answers calls of one number, perhaps only with one first argument, and lets all others through. */
#ifndef SECCOMP_H
#define SECCOMP_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#define ANY_ARGUMENT (-1L)

/* Installs a filter that answers with `action`; gives the notification descriptor when `flags` ask for one. */
static inline long filter_calls(long number, long first_argument, unsigned action, unsigned flags)
{
	int tested = first_argument == ANY_ARGUMENT ? 0 : 2;
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first_argument, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog whole = { .len = sizeof(program) / sizeof(*program), .filter = program };

	if (!tested) /* jumps are no-ops then */
		program[3] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 0);
	OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	return OK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole));
}

#endif
