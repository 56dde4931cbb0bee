/*
 * Interrupting calls without guessing times: a second process looks until the workload sleeps inside a call, and only
 * then acts. It looks with openat2, pread64 and sched_yield, which no scenario that includes this file may select.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <linux/openat2.h>

/* Seconds after which a workload that nobody wakes is killed. */
#define STUCK_S 25

/* The thread that is looked at, and its /proc files. */
struct watched {
	pid_t pid;
	int syscall, stat;
};

static struct watched subject __attribute__((unused));

/* Opens a file by a call that no scenario selects: arm64 has no open. */
static inline int open_unseen(const char *path, int flags)
{
	struct open_how how = { .flags = flags };

	return OK(CALL(openat2, AT_FDCWD, path, &how, sizeof(how)));
}

static inline struct watched watch(pid_t pid, pid_t tid)
{
	char path[64];
	struct watched w = { .pid = pid };

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", pid, tid);
	w.syscall = open_unseen(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	w.stat = open_unseen(path, O_RDONLY | O_CLOEXEC);
	return w;
}

static inline long call_asleep_in(const struct watched *w)
{
	char text[256] = "";

	CALL(pread64, w->syscall, text, sizeof(text) - 1, 0);
	return text[0] >= '0' && text[0] <= '9' ? atol(text) : -1;
}

static inline char state_of(const struct watched *w)
{
	char text[256] = "";

	CALL(pread64, w->stat, text, sizeof(text) - 1, 0);
	return strrchr(text, ')') ? strrchr(text, ')')[2] : '?';
}

#define UNTIL(condition) \
	do { \
		for (double deadline_ = workload_seconds() + WORKLOAD_DEADLINE_S; !(condition); CALL(sched_yield)) \
			if (workload_seconds() > deadline_) \
				workload_fail("this does not come true: " #condition, __LINE__, 0); \
	} while (0)

static inline int is_asleep(const struct watched *w)
{
	char state = state_of(w);

	return state == 'S' || state == 'D';
}

/*
 * Until the thread sleeps inside the call of this number. One that was just woken by another processor, from a debugger's stop
 * for instance, counts as inside of it too until it runs: its state tells.
 */
static inline void until_asleep(const struct watched *w, long number)
{
	UNTIL(call_asleep_in(w) == number && is_asleep(w));
}

/* Stops the process as job control does and lets it go on. */
static inline void stop_and_continue(const struct watched *w)
{
	OK(CALL(kill, w->pid, SIGSTOP));
	UNTIL(state_of(w) == 'T');
	OK(CALL(kill, w->pid, SIGCONT));
}

/* Starts the second process, with the workload as its subject. */
static inline __attribute__((unused)) pid_t start_other(void (*script)(void))
{
	pid_t workload = getpid(), other = OK(fork());

	if (other == 0) {
		subject = watch(workload, workload);
		script();
		_exit(0);
	}
	alarm(STUCK_S);
	return other;
}

static inline void on_signal(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	OK(sigaction(signal, &action, NULL));
}

static volatile sig_atomic_t handled __attribute__((unused));

static inline __attribute__((unused)) void count_signal(int signal)
{
	handled++;
}

#endif
