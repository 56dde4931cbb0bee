/*
 * Opens files and hands their descriptors on at random: `handed_on DIR SEED CALLS`. Each file is opened once, as DIR/N, N from 0
 * on. Processes run at the same time, and end when they like. At the end a line is written for each file: its number, the calls
 * on it, the bytes written to it, and the processes that used it.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_FILES 4096
#define MOST_PROCESSES 24
#define DESCRIPTORS 48

struct file {
	atomic_long calls, bytes, processes;
};

static struct {
	atomic_int files, processes;
	struct file file[MOST_FILES];
} *shared;

static unsigned long state;
static int own_number;
/* The file of each descriptor, -1 for none. */
static int file_of[DESCRIPTORS];

static int draw(int limit)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (state >> 33) % limit;
}

static void used(int file)
{
	shared->file[file].calls++;
	shared->file[file].processes |= 1L << own_number;
}

static void keep(int descriptor, int file)
{
	if (descriptor < 0)
		exit(99);
	if (descriptor < DESCRIPTORS) {
		file_of[descriptor] = file;
		return;
	}
	close(descriptor);
	used(file);
}

static void open_another(void)
{
	char name[16];
	int file = shared->files++;

	if (file >= MOST_FILES)
		exit(98);
	snprintf(name, sizeof(name), "%d", file);
	used(file);
	keep(open(name, O_RDWR | O_CREAT, 0600), file);
}

/* So that every process has ended when the first one writes what was done. */
static void wait_for_all(void)
{
	while (wait(NULL) > 0)
		;
}

static void run(int calls)
{
	for (int i = 0; i < calls; i++) {
		int descriptor = draw(DESCRIPTORS), choice = draw(100), file = file_of[descriptor];

		if (choice < 8) {
			open_another();
			continue;
		}
		if (choice < 10) {
			if (shared->processes >= MOST_PROCESSES)
				continue;
			int number = shared->processes++;
			int left = draw(calls - i);
			pid_t child = fork();

			if (child < 0)
				exit(97);
			if (child > 0)
				continue;
			own_number = number;
			state += number;
			run(left);
			wait_for_all();
			_exit(0);
		}
		if (file < 0)
			continue;
		if (choice < 40) {
			int bytes = 1 + draw(9);

			if (write(descriptor, "123456789", bytes) != bytes)
				exit(96);
			shared->file[file].bytes += bytes;
		} else if (choice < 50) {
			keep(dup(descriptor), file);
		} else if (choice < 60) {
			int target = 20 + draw(DESCRIPTORS - 20);

			if (target == descriptor)
				continue;
			keep(dup2(descriptor, target), file);
		} else if (choice < 70) {
			keep(fcntl(descriptor, F_DUPFD, 3 + draw(30)), file);
		} else {
			file_of[descriptor] = -1;
			close(descriptor);
		}
		used(file);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4 || chdir(argv[1]))
		return 95;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 94;
	state = strtoul(argv[2], NULL, 10);
	shared->processes = 1;
	for (int i = 0; i < DESCRIPTORS; i++)
		file_of[i] = -1;
	run(atoi(argv[3]));
	if (own_number != 0)
		return 93;
	wait_for_all();
	for (int i = 0; i < shared->files; i++)
		printf("%d %ld %ld %d\n", i, (long)shared->file[i].calls, (long)shared->file[i].bytes,
		       __builtin_popcountl(shared->file[i].processes));
	return 0;
}
