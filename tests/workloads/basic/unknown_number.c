#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	FAILS(ENOSYS, CALL_NR(600, 3));
	FAILS(ENOSYS, CALL_NR(65535, 3));
	FAILS(ENOSYS, CALL_NR(100000, 3));
	FAILS(ENOSYS, CALL(nfsservctl, 3));

	workload_end();
	return 0;
}
