#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	GIVES(0, CALL(unlink, "a"));
	GIVES(1, CALL(write, 3, "x", 1));
	GIVES(4, CALL(open, "a", O_RDWR | O_CREAT, 0644));
	GIVES(1, CALL(write, 4, "x", 1));
	GIVES(1, CALL(write, 3, "x", 1));
	OK(CALL(close, 3));

	workload_end();
	return 0;
}
