#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_mark_begin();

	OK(CALL(chdir, (long)"/"));
	GIVES(2, CALL(getcwd, (long)buffer, sizeof(buffer)));
	OK(CALL(chdir, (long)"/proc/sys"));
	GIVES(10, CALL(getcwd, (long)buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
