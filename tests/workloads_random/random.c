/*
 * Random calls on files by several processes and threads, and a log of what each of them was: `random DIRECTORY STATE LOG
 * SEED CALLS turns|free`. DIRECTORY is empty and absolute. STATE and LOG are files that it makes.
 *
 * What a call must be named by is decided from the model alone (model.h), before the call; what it gave is what the
 * program got. A call that gives what the model holds for impossible ends the run with status 99.
 *
 * Rows count after a process's first marker, `write(-1, "begin", 5)`, and after an exec again from the next one on.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "name_actions.h"

#define LOG_BYTES_PER_CALL 900	/* two paths of usual length; a run that needs more ends loudly */
#define ACTIONS_OF_HELPER 400	/* of a thread or process, about, before it ends */

static char program[PATH_BYTES], *arguments[7];

static void mark(void)
{
	HOLDS(CALL(write, -1, "begin", 5L) == -EBADF);
}

static void act_and_end(struct actor *a);

static struct process *free_process(void)
{
	for (int i = 0; i < PROCESSES; i++) {
		if (!model->process[i].alive)
			return &model->process[i];
	}
	return NULL;
}

static void do_fork(struct actor *a)
{
	struct process *child = free_process();
	int slot = child ? take_slot() : NONE;
	unsigned long long random = next_random(&a->random);

	if (slot == NONE)
		return;
	*child = *a->process;
	child->threads = 1;
	for (int fd = 0; fd < FDS; fd++) {
		if (child->fds[fd] != NONE)
			model->open_file[child->fds[fd]].descriptors++;
	}
	long pid = CALL(fork);

	HOLDS(pid >= 0);
	if (pid == 0) {
		struct actor self = { .slot = slot, .process = child, .random = random, .is_leader = 1 };

		self.pid = self.tid = getpid();
		mark();
		act_and_end(&self);
		_exit(0);
	}
	log_call(a, "fork", NO_FD, pid, NO_BYTES, NULL, NULL);
}

static void *run_thread(void *actor)
{
	struct actor *a = actor;

	a->pid = getpid();
	a->tid = gettid();
	mark();
	act_and_end(a);
	return NULL;
}

static void do_thread(struct actor *a)
{
	int slot = take_slot();
	pthread_t thread;

	if (slot == NONE)
		return;
	struct actor *helper = malloc(sizeof(*helper));

	*helper = (struct actor){ .slot = slot, .process = a->process, .random = next_random(&a->random) };
	a->process->threads++;
	HOLDS(pthread_create(&thread, NULL, run_thread, helper) == 0);
	pthread_detach(thread);
}

static void do_exec(struct actor *a)
{
	char slot[16], process[16], random[32], turn[16];

	/* The new program needs a descriptor to find its memory; the numbers are the same again once it has. */
	if (!a->is_leader || a->process->threads > 1 || free_fd(a->process, 0) == NONE)
		return;
	log_call(a, "execve", NO_FD, 0, NO_BYTES, program, NULL);
	for (int fd = 0; fd < FDS; fd++) {
		if (a->process->on_exec[fd])
			drop_fd(a->process, fd);
	}
	sprintf(slot, "%d", a->slot);
	sprintf(process, "%d", (int)(a->process - model->process));
	sprintf(random, "%llu", next_random(&a->random));
	sprintf(turn, "%d", a->exclusive);
	char *words[] = { program, "again", arguments[2], arguments[3], slot, process, random, turn, NULL };

	execv(program, words);
	broken("exec fails", __LINE__, 0);
}

static const struct action {
	void (*act)(struct actor *a);
	int weight, exclusive;
} actions[] = {
	{ do_open, 22, 1 },	{ do_close, 10, 1 },	{ do_dup, 10, 1 },	{ do_pair, 2, 1 },
	{ do_with_fd, 30, 0 },	{ do_with_path, 10, 0 },	{ do_remove, 7, 1 },	{ do_mkdir, 3, 1 },
	{ do_symlink, 2, 1 },	{ do_link, 2, 1 },	{ do_rename, 10, 1 },	{ do_chdir, 3, 1 },
	{ do_close_range, 1, 1 },	{ do_set_on_exec, 2, 1 },	{ do_fork, 1, 1 },	{ do_thread, 1, 1 },
	{ do_exec, 1, 1 },
};
#define ACTIONS ((int)(sizeof(actions) / sizeof(*actions)))

static const struct action *pick_action(struct actor *a)
{
	int total = 0, at;

	for (int i = 0; i < ACTIONS; i++)
		total += actions[i].weight;
	at = pick(a, total);
	for (int i = 0;; i++) {
		at -= actions[i].weight;
		if (at < 0)
			return &actions[i];
	}
}

/* Acts until the run or its own time is over, closes what its process has open, and gives its slot back. */
static void act_and_end(struct actor *a)
{
	int is_first = a->slot == 0;

	while (atomic_load(&model->logged) < model->wanted && (is_first || !one_in(a, ACTIONS_OF_HELPER))) {
		const struct action *action = pick_action(a);

		begin_turn(a, action->exclusive);
		action->act(a);
		end_turn(a);
	}
	for (int waits = a->is_leader; waits;) {
		/* The others of the process end by themselves. */
		begin_turn(a, 1);
		waits = a->process->threads > 1;
		if (waits)
			end_turn(a);
	}
	if (!a->is_leader)
		begin_turn(a, 1);
	for (int fd = 0; a->is_leader && fd < FDS; fd++) {
		char shown[PATH_BYTES];
		const char *name = name_of_fd(a, fd, shown);

		if (!name)
			continue;
		HOLDS(CALL(close, fd) == 0);
		log_call(a, "close", fd, 0, NO_BYTES, name, NULL);
		drop_fd(a->process, fd);
	}
	a->process->threads--;
	if (a->is_leader)
		a->process->alive = 0;
	atomic_store(&model->alive[a->slot], 0);
	end_turn(a);
}

/* Maps a file that all processes share. */
static void *map_shared(const char *path, long bytes)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	HOLDS(fd >= 0 && ftruncate(fd, bytes) == 0);
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	HOLDS(memory != MAP_FAILED && close(fd) == 0);
	return memory;
}

static void map_all(char **argv)
{
	model = map_shared(argv[2], sizeof(*model));
	log_bytes = model->wanted * LOG_BYTES_PER_CALL + (1 << 20);
	log_text = map_shared(argv[3], log_bytes);
}

/* Goes on after an exec, within the turn that it was in. */
static void go_on(char **argv)
{
	map_all(argv);
	struct actor self = { .slot = atoi(argv[4]), .process = &model->process[atoi(argv[5])], .is_leader = 1 };

	self.random = strtoull(argv[6], NULL, 10);
	self.exclusive = atoi(argv[7]);
	self.pid = self.tid = getpid();
	mark();
	end_turn(&self);
	act_and_end(&self);
}

static void begin(char **argv)
{
	struct rlimit limit = { FDS, FDS };

	HOLDS(dup2(2, ERROR_FD) == ERROR_FD && close_range(0, ERROR_FD - 1, 0) == 0);
	/* The shared memory learns first how long the run is. */
	model = map_shared(argv[2], sizeof(*model));
	model->wanted = atol(argv[5]);
	map_all(argv);
	HOLDS(setrlimit(RLIMIT_NOFILE, &limit) == 0 && chdir(argv[1]) == 0);
	model->in_turns = strcmp(argv[6], "turns") == 0;
	strcpy(model->root, argv[1]);
	model->living[model->live++] = model->nodes++;
	model->node[0] = (struct node){ .parent = NONE, .kind = DIRECTORY, .linked = 1 };
	model->process[0] = (struct process){ .alive = 1, .threads = 1 };
	memset(model->process[0].fds, NONE, sizeof(model->process[0].fds));
	atomic_store(&model->random, atoll(argv[4]));
	struct actor self = { .slot = take_slot(), .process = &model->process[0], .is_leader = 1 };

	self.random = strtoull(argv[4], NULL, 10) * 1000003;
	self.pid = self.tid = getpid();
	mark();
	act_and_end(&self);
}

int main(int argc, char **argv)
{
	for (int i = 0; i < argc && i < 7; i++)
		arguments[i] = argv[i];
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	HOLDS(argc >= 7 && realpath("/proc/self/exe", program));
	int is_first = strcmp(argv[1], "again") != 0;

	if (is_first)
		begin(argv);
	else
		go_on(argv);
	/* The first process ends last, so that the run is over when it is. */
	for (int waits = atoi(is_first ? "1" : argv[5]) == 0 || is_first; waits;) {
		waits = 0;
		for (int i = 0; i < THREADS; i++)
			waits |= atomic_load(&model->alive[i]);
		if (waits)
			let_others();
	}
	return 0;
}
