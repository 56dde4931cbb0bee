#include "../workload.h"

extern char **environ;

static void copy_program(const char *name)
{
	int from = OK(open("/proc/self/exe", O_RDONLY)), to = OK(open(name, O_WRONLY | O_CREAT, 0755));
	struct stat facts;

	OK(fstat(from, &facts));
	GIVES(facts.st_size, syscall(SYS_sendfile, to, from, NULL, facts.st_size));
	OK(close(from));
	OK(close(to));
}

int main(int argc, char **argv)
{
	char *next[] = { argv[0], argv[1], "again", NULL };
	pid_t child;

	if (argc > 2)
		return 0;

	workload_prepare(argc, argv);
	copy_program("program");
	OK(mkdir("sub", 0755));
	OK(symlink("program", "link"));
	workload_mark_begin();

	FAILS(ENOENT, CALL(execve, (long)"missing", next, environ));
	FAILS(EACCES, CALL(execve, (long)"./sub", next, environ));
	if ((child = OK(fork())) == 0)
		OK(CALL(execve, (long)"sub/../link", next, environ));
	workload_join(child);
	if ((child = OK(fork())) == 0)
		OK(CALL(execveat, OK(open("program", O_RDONLY | O_CLOEXEC)), "", next, environ, AT_EMPTY_PATH));
	workload_join(child);
	if ((child = OK(fork())) == 0)
		OK(CALL(execveat, OK(open("sub", O_PATH | O_CLOEXEC)), "../program", next, environ, 0));
	workload_join(child);
	workload_end();
	return 0;
}
