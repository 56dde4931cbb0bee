#include "../workload.h"

int main(int argc, char **argv)
{
	char entries[64];

	workload_prepare(argc, argv);
	workload_mark_begin();

	/* The kernel gives an int without its sign, also to a program. */
	CHECK((int)CALL(modify_ldt, 0, entries, sizeof(entries)) == 0);
	CHECK((int)CALL(modify_ldt, 1, entries, 1) == -EINVAL);
	CHECK((int)CALL(modify_ldt, 77, entries, sizeof(entries)) == -ENOSYS);
	workload_end();
	return 0;
}
