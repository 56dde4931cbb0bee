#include "../workload.h"
#include "compat32.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	char *first = strcpy(low_memory(), "first");
	char *second = strcpy(first + 64, "second");
	workload_file("file", "");
	char *file = strcpy(first + 128, "file");
	workload_mark_begin();

	/* These numbers are getpid, setitimer and mprotect in the 64-bit table, none of which is selected. */
	GIVES(0, CALL32(MKDIR, first, 0755));
	GIVES(0, CALL32(RENAME, first, second));
	GIVES(-ENOENT, CALL32(UNLINK, first));
	GIVES(0, CALL32(UNLINK, file));
	GIVES(0, CALL(access, "second", F_OK));
	FAILS(ENOENT, CALL(access, "file", F_OK));
	workload_end();
	return 0;
}
