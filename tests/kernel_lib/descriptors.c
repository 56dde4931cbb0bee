/*
 * Hands descriptors on in every way, in the directory of the first argument: `descriptors DIR`. What becomes of which file is
 * in tests/kernel/files_test.ts.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char bytes[100];

static void check(long result)
{
	if (result < 0)
		exit(99);
}

static int make(const char *name)
{
	int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	check(file);
	return file;
}

static void wait_for(pid_t child)
{
	int status;

	check(waitpid(child, &status, 0));
	if (status != 0)
		exit(98);
}

/* Ten bytes a call, from the first on or from these places. */
static void write_all(int file, int count)
{
	for (int i = 0; i < count; i++)
		check(write(file, bytes, 10));
}

static void read_at(int file, int count, const long *places, long stride)
{
	for (int i = 0; i < count; i++) {
		check(lseek(file, places ? places[i] : i * stride, SEEK_SET));
		check(read(file, bytes, 10));
	}
}

static void send_on(int file)
{
	int ends[2], passed;
	char space[CMSG_SPACE(sizeof(int))];
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	*(int *)CMSG_DATA(header) = file;
	check(sendmsg(ends[0], &message, 0));
	check(close(file));
	check(recvmsg(ends[1], &message, 0));
	passed = *(int *)CMSG_DATA(CMSG_FIRSTHDR(&message));
	check(lseek(passed, 0, SEEK_SET));
	check(read(passed, bytes, 10));
	check(close(passed));
}

int main(int argc, char **argv)
{
	static const long places[] = { 700, 100, 900, 0, 400, 50, 820, 330, 610, 270 };
	int file, copy;
	pid_t child;

	check(argc == 2 ? chdir(argv[1]) : -1);

	file = make("sequential");
	write_all(file, 100);
	check(fsync(file));
	check(fdatasync(file));
	close(file);

	file = open("sequential", O_RDONLY);
	read_at(file, 10, places, 0);
	close(file);

	file = make("strided");
	write_all(file, 1);
	check(ftruncate(file, 1000));
	read_at(file, 20, NULL, 50);
	close(file);

	file = make("pread");
	check(ftruncate(file, 1000));
	for (int i = 0; i < 10; i++)
		check(pread(file, bytes, 10, places[i]));
	close(file);

	file = make("duplicates");
	check(dup2(file, 50));
	close(file);
	copy = fcntl(50, F_DUPFD_CLOEXEC, 60);
	check(copy);
	close(50);
	write_all(copy, 5);
	close(copy);

	file = make("forked");
	child = fork();
	if (child == 0) {
		write_all(file, 3);
		_exit(0);
	}
	close(file);
	wait_for(child);

	file = make("vforked");
	child = vfork();
	if (child == 0) {
		write_all(file, 4);
		_exit(0);
	}
	wait_for(child);
	close(file);

	file = make("executed");
	check(fcntl(file, F_SETFD, FD_CLOEXEC));
	check(dup2(file, 9));
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "echo from the shell >&9", NULL);
		_exit(97);
	}
	wait_for(child);
	close(file);
	close(9);

	file = make("ranged");
	write_all(file, 1);
	check(syscall(SYS_close_range, file, file, 0));

	file = make("passed");
	write_all(file, 2);
	send_on(file);

	file = open("sequential", O_RDONLY);
	copy = make("copied");
	check(sendfile(copy, file, NULL, 1000));
	close(file);
	close(copy);

	child = fork();
	if (child == 0) {
		file = make("exited");
		write_all(file, 1);
		syscall(SYS_exit, 0);
	}
	check(waitpid(child, NULL, 0));

	file = make("left");
	write_all(file, 2);
	return 0;
}
