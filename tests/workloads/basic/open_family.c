#include "../workload.h"
int main(int argc, char **argv)
{
	struct { uint64_t flags, mode, resolve; } how = { O_RDONLY, 0, 0x08 /* RESOLVE_BENEATH */ };

	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	CHECK(symlink("a", "to_a") == 0);
	workload_mark_begin();

	GIVES(3, CALL(open, "a", O_RDWR | O_CREAT | O_TRUNC, 0644));
	GIVES(4, CALL(creat, "d//b", 0644));
	GIVES(5, CALL(openat, AT_FDCWD, "./d/.", O_RDONLY | O_DIRECTORY));
	GIVES(6, CALL(openat, 5, "../a", O_RDONLY));
	GIVES(7, CALL(openat2, 5, "b", &how, sizeof(how)));
	GIVES(8, CALL(open, "to_a", O_RDONLY));
	GIVES(9, CALL(open, "/dev/null", O_RDWR));
	OK(CALL(close, 4));
	GIVES(4, CALL(open, "d/c", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));

	workload_end();
	return 0;
}
