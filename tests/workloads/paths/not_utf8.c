#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "caf\xe9", O_RDWR | O_CREAT, 0644));
	GIVES(1, CALL(write, 3, "x", 1));
	OK(CALL(stat, (long)"caf\xe9", &facts));
	OK(CALL(rename, (long)"caf\xe9", "plain"));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(rename, (long)"plain", "\xff"));
	OK(CALL(symlink, (long)"\x80", "link"));
	OK(CALL(mkdir, (long)"\xc3(", 0755));
	OK(CALL(chdir, (long)"\xc3("));
	FAILS(ENOENT, CALL(stat, (long)"inner", &facts));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "\xf0\x9f", O_RDONLY));
	OK(CALL(unlink, (long)"../\xff"));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
