#include "../workload.h"

int main(int argc, char **argv)
{
	char bytes[512];

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(16, CALL(getrandom, bytes, 16, 0));
	GIVES(512, CALL(getrandom, bytes, 512, 1));
	GIVES(0, CALL(getrandom, bytes, 0, 0));
	FAILS(EINVAL, CALL(getrandom, bytes, 16, 0x80));
	workload_end();
	return 0;
}
